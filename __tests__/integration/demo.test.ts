import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { exampleQueries } from "../../emulator/example-queries";

test("the demo lets the tables of two tenants appear and shows what the documented queries answer", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", "emulator/demo.ts"], {
    env: { ...process.env, NO_COLOR: "1" },
  });
  expect(stderr).toContain("Using the emulator at");
  for (const dataset of ["acme_retail_metadata", "globex_metadata"]) {
    for (const { title, sql } of exampleQueries(`example-local.${dataset}`)) {
      expect(stdout).toContain(title);
      expect(stdout).toContain(sql);
    }
  }
  expect(stdout).toMatch(/export_invoices +│ FAILED .*\{"month":"2025-10"\}/);
  expect(stdout).toMatch(/daily_orders +│ load_orders +│ \d+ +│ 48210/);
  expect(stdout).toMatch(/example-local\.warehouse\.orders +│ FAIL +│ 11 +│ 1 /);
  expect(stdout).toMatch(/sync_customers +│ copy_customers +│ \d+ +│ 1204/);
});
