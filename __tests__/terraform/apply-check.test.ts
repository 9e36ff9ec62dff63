import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { columnsJson, planOf, plannedTable, resourceChange } from "../support/plan";
import { WorkflowProject } from "../support/workflow-project";

jest.setTimeout(120_000);

/*
 * The google provider cannot be had without its registry, so what the plan says of the table is written here; Terraform is
 * real, and so is the plan that it applies or not.
 */
const UPDATE = planOf([
  resourceChange("google_bigquery_table", ["update"], plannedTable(), plannedTable({ description: "Other words" })),
]);

/** BigQuery's answer to `tables.get`: the columns that are live now, or none for a table that is gone. */
let live: object | undefined;
const asked: string[] = [];
const server = http.createServer((request, response) => {
  asked.push(request.url ?? "");
  response.writeHead(live === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(live ?? { error: { message: "Not found", errors: [{ reason: "notFound" }] } }));
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A stack that was planned and checked; `apply` runs the workflow's script against what is live now. */
async function planned() {
  const project = new WorkflowProject();
  project.stack("metadata-dev", { resource: { terraform_data: { acme: { input: 1 } } } });
  expect(project.script("plan.sh", "plans", "metadata-dev").status).toBe(0);
  const plan = path.join(project.folder, "plan-of-the-table.json");
  writeFileSync(plan, JSON.stringify(UPDATE));
  const terraform = path.join(project.folder, "terraform-with-a-table");
  writeFileSync(
    terraform,
    `#!/bin/sh\ncase "$*" in *" show -json "*) exec cat '${plan}' ;; esac\nexec terraform "$@"\n`,
  );
  chmodSync(terraform, 0o755);
  const { port } = server.address() as AddressInfo;
  const env = { TERRAFORM: terraform, BIGQUERY_EMULATOR_HOST: `127.0.0.1:${port}` };
  asked.length = 0;
  const { status, output } = await project.scriptBeside("apply.sh", ["metadata-dev"], env);
  return { status, output, state: project.state("metadata-dev") };
}

const columns = (text: string) => ({ schema: { fields: JSON.parse(text) as unknown } });

test("a column that was added after the check stops the apply", async () => {
  live = columns(columnsJson({ plus: { name: "added_meanwhile", type: "STRING" } }));
  const { status, output, state } = await planned();
  expect(output).toContain(
    "google_bigquery_table.acme__step_logs: column added_meanwhile was added after the plan was made; applying the plan would drop it with its data.",
  );
  expect([status, state]).toEqual([2, []]);
  expect(asked).toEqual(["/bigquery/v2/projects/example-dev/datasets/acme_metadata/tables/step_logs"]);
});

test("columns that the plan knew do not", async () => {
  live = columns(columnsJson());
  const { status, output, state } = await planned();
  expect(output).toContain("Compared 1 table with what the plan knew: 0 differences.");
  expect([status, state]).toEqual([0, ["terraform_data.acme"]]);
});

test("a table that is gone stops the apply", async () => {
  live = undefined;
  const { status, output, state } = await planned();
  expect(output).toContain("the plan updates the table, but it is gone.");
  expect([status, state]).toEqual([2, []]);
});
