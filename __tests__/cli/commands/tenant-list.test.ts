import { run } from "../../support/run-program";

describe("tenant list", () => {
  test("lists every tenant with its environments", async () => {
    const { code, stdout, stderr } = await run(["tenant", "list"]);
    expect([code, stderr]).toEqual([0, "5 tenants.\n"]);
    expect(stdout).toMatchSnapshot();
  });

  test("lists those of one environment as JSON", async () => {
    const { stdout } = await run(["tenant", "list", "--environment", "staging", "--json"]);
    expect(JSON.parse(stdout)).toEqual([
      {
        tenantId: "acme_retail",
        displayName: "Acme Retail",
        environments: ["dev", "local", "prod", "staging"],
      },
      {
        tenantId: "soylent",
        displayName: "Soylent Nahrung GmbH · Köln",
        environments: ["prod", "staging"],
      },
    ]);
  });

  test("suggests the environment that was probably meant", async () => {
    expect((await run(["tenant", "list", "--environment", "stagin"])).stderr).toBe(
      'There is no environment "stagin"; there are dev, local, prod, staging. Did you mean "staging"?\n',
    );
  });
});
