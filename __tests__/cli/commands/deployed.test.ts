import { readFileSync } from "node:fs";
import path from "node:path";
import { configFolder, VALID } from "../../support/config-folder";
import { run } from "../../support/run-program";
import { TWO_ENVIRONMENTS } from "../../support/two-environments";

const read = (folder: string, file: string) => readFileSync(path.join(folder, file), "utf8");

describe("deployed", () => {
  test("records shards and generations, once", async () => {
    const folder = configFolder({
      ...TWO_ENVIRONMENTS,
      "environments/dev.json": {
        ...(VALID["environments/dev.json"] as object),
        deletionProtection: false,
        recreate: { runs: 2 },
      },
    });
    const record = () => run(["deployed", "--environment", "dev", "--environment", "prod"], folder);
    expect((await record()).stdout).toBe("Wrote <configs>/deployed/dev.json\nWrote <configs>/deployed/prod.json\n");
    expect(read(folder, "deployed/dev.json")).toMatchInlineSnapshot(`
      "{
        "$schema": "../json-schemas/deployed.json",
        "shards": 1,
        "recreate": {
          "runs": 2
        }
      }
      "
    `);
    expect(await record()).toEqual({
      code: 0,
      stdout: "",
      stderr: "<configs>/deployed/dev.json is up to date.\n<configs>/deployed/prod.json is up to date.\n",
    });
  });

  test("never overwrites the number of shards that was deployed", async () => {
    const folder = configFolder({
      ...TWO_ENVIRONMENTS,
      "deployed/prod.json": { shards: 2 },
    });
    const { code, stderr } = await run(["deployed", "--environment", "prod"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain("Changing the number of shards moves tenants between states");
    expect(JSON.parse(read(folder, "deployed/prod.json"))).toEqual({
      shards: 2,
    });
  });

  test("refuses an environment that there is not", async () => {
    expect((await run(["deployed", "--environment", "prd"])).stderr).toBe(
      'There is no environment "prd"; there are dev, local, prod, staging. Did you mean "prod"?\n',
    );
  });
});
