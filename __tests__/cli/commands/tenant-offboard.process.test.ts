import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configFolder } from "../../support/config-folder";
import { GitRepository } from "../../support/git-repository";
import { run } from "../../support/run-program";
import { TWO_ENVIRONMENTS } from "../../support/two-environments";

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

function offboard(folder: string, ...flags: readonly string[]) {
  return run(["tenant", "offboard", "acme", "--environment", "dev", ...flags], folder);
}

test("tenant offboard with --delete-data takes two steps, each with the allowances its plan needs, and the base check agrees", async () => {
  const folder = configFolder({
    ...TWO_ENVIRONMENTS,
    "tenants/acme.json": {
      displayName: "Acme",
      environments: { dev: { labels: { team: "a" } }, prod: {} },
    },
  });
  const repository = new GitRepository(folder);
  repository.commit();

  expect(await offboard(folder, "--delete-data", "--reason", "Contract ended.")).toMatchSnapshot("first step");
  expect(JSON.parse(read(folder, "tenants/acme.json"))).toEqual({
    displayName: "Acme",
    environments: { prod: {} },
  });
  expect(JSON.parse(read(folder, "offboarding/acme.json"))).toMatchObject({
    environments: {
      dev: { step: "unprotect", overrides: { labels: { team: "a" } } },
    },
  });
  expect(readdirSync(path.join(folder, "allowances"))).toEqual([
    "offboard-acme-dev-unprotect-dataset.json",
    "offboard-acme-dev-unprotect-runs.json",
  ]);
  expect((await run(["validate", "--base", "HEAD"], folder)).code).toBe(0);

  const tooSoon = await offboard(folder, "--delete-data", "--reason", "Contract ended.");
  expect(tooSoon.stdout).toMatchSnapshot("second step");
  expect((await run(["validate", "--base", "HEAD"], folder)).stderr).toContain(
    "The tenant is deleted from dev before its tables are unprotected",
  );
  expect(readdirSync(path.join(folder, "allowances"))).toEqual([
    "offboard-acme-dev-delete-dataset.json",
    "offboard-acme-dev-delete-runs.json",
  ]);
  expect(JSON.parse(read(folder, "allowances/offboard-acme-dev-delete-runs.json"))).toMatchObject({
    code: "table-deleted",
    environment: "dev",
    tenant: "acme",
    table: "runs",
    reason: "Contract ended.",
  });
  expect((await offboard(folder, "--delete-data", "--reason", "Contract ended.")).stderr).toContain(
    "acme is being deleted from dev already",
  );
});
