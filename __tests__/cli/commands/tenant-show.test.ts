import { run } from "../../support/run-program";

describe("tenant show", () => {
  test("says where every setting comes from, and what the tenant has", async () => {
    const { code, stdout } = await run(["tenant", "show", "globex"]);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test("gives the same as JSON", async () => {
    const { environments } = JSON.parse((await run(["tenant", "show", "soylent", "--json"])).stdout) as {
      environments: {
        environment: string;
        stack: string;
        dataset: string;
        settings: object;
        addresses: string[];
      }[];
    };
    expect(environments.map(({ environment, stack, dataset }) => [environment, stack, dataset])).toEqual([
      ["prod", "metadata-prod-001", "example-data-prod.soylent_metadata"],
      ["staging", "metadata-staging", "example-data-staging.soylent_metadata"],
    ]);
    expect(environments[0]?.settings).toMatchObject({
      shard: { value: 1, from: "tenants/soylent.json" },
      location: { value: "europe-west3", from: "tenants/soylent.json" },
      partitionExpirationDays: { value: 1095, from: "environments/prod.json" },
      readers: { value: [], from: "tenants/soylent.json" },
    });
    expect(environments[0]?.addresses).toContain("google_bigquery_table.soylent__step_logs");
  });

  test("uses colours only when asked to", async () => {
    const colourful = await run(["tenant", "show", "globex"], undefined, {
      colors: true,
    });
    expect(colourful.stdout).toContain("\u001B[1m");
    expect((await run(["tenant", "show", "globex"])).stdout).not.toContain("\u001B");
  });

  test("suggests the tenant that was probably meant", async () => {
    expect(await run(["tenant", "show", "globx"])).toEqual({
      code: 1,
      stdout: "",
      stderr: 'There is no tenant "globx". Did you mean "globex"?\n',
    });
  });
});
