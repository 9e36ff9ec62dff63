import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatJson } from "../../model/format-json";
import { temporaryFolder } from "../support/config-folder";
import { PROJECT } from "../support/run";

test("what formatJson writes needs no change by the repository's formatter, at every length about the limit", () => {
  const folder = temporaryFolder();
  cpSync(path.join(PROJECT, ".oxfmtrc.json"), path.join(folder, ".oxfmtrc.json"));
  for (let length = 60; length < 110; length++) {
    const value = {
      displayName: 'Köln "Süd"',
      readers: ["group:a@example.com", "x".repeat(length)],
      labels: { a: "b" },
    };
    writeFileSync(path.join(folder, `${length}.json`), formatJson({ environments: { dev: value }, last: value }));
  }
  const oxfmt = path.join(PROJECT, "node_modules", ".bin", "oxfmt");
  const { status, stdout, stderr } = spawnSync(oxfmt, ["--check"], { cwd: folder, encoding: "utf8" });
  expect({ status, problems: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, problems: "" });
});
