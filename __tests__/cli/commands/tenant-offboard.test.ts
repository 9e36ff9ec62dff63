import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configFolder, VALID } from "../../support/config-folder";
import { run } from "../../support/run-program";
import { TWO_ENVIRONMENTS } from "../../support/two-environments";

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

function offboard(folder: string, ...flags: readonly string[]) {
  return run(["tenant", "offboard", "acme", "--environment", "dev", ...flags], folder);
}

describe("tenant offboard", () => {
  test("with --keep-data has Terraform forget the tenant, and deletes its file when no environment is left", async () => {
    const folder = configFolder(VALID);
    expect(await offboard(folder, "--keep-data")).toMatchSnapshot();
    expect(existsSync(path.join(folder, "tenants/acme.json"))).toBe(false);
    expect(JSON.parse(read(folder, "offboarding/acme.json"))).toEqual({
      $schema: "../json-schemas/offboarding.json",
      displayName: "Acme",
      environments: { dev: { step: "forget" } },
    });
    expect((await run(["validate"], folder)).stdout).toBe(
      "Valid: 1 table definitions, 1 environments, 0 tenants, 0 datasets, 1 tenants offboarded.\n",
    );
    expect((await run(["tenant", "show", "acme"], folder)).stdout).toContain("dev (leaving: forget)");
    expect((await offboard(folder, "--keep-data")).stderr).toContain("there is no step left");
    expect((await offboard(folder, "--delete-data", "--reason", "They are gone.")).stderr).toContain("bq rm");
  });

  test("can go back to keeping the data before anything is deleted", async () => {
    const folder = configFolder(VALID);
    await offboard(folder, "--delete-data", "--reason", "Contract ended.");
    await offboard(folder, "--keep-data");
    expect(JSON.parse(read(folder, "offboarding/acme.json"))).toMatchObject({
      environments: { dev: { step: "forget" } },
    });
  });

  test.each<[string, readonly string[]]>([
    ["neither flag", ["acme", "--environment", "dev"]],
    ["both flags", ["acme", "--environment", "dev", "--keep-data", "--delete-data", "--reason", "Because of that"]],
    ["no environment", ["acme", "--keep-data"]],
    ["an environment that the tenant is not in", ["acme", "--environment", "prod", "--keep-data"]],
    ["a tenant that there is not", ["acmee", "--environment", "dev", "--keep-data"]],
    ["no reason for a deletion", ["acme", "--environment", "dev", "--delete-data"]],
    ["a reason too short to be one", ["acme", "--environment", "dev", "--delete-data", "--reason", "so"]],
  ])("refuses %s and writes nothing", async (_, args) => {
    const folder = configFolder(TWO_ENVIRONMENTS);
    const { code, stdout, stderr } = await run(["tenant", "offboard", ...args], folder);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatchSnapshot();
    expect(readdirSync(folder).sort()).toEqual(["environments", "metadata", "tenants"]);
  });
});
