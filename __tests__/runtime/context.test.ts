import { loadConfig } from "../../model/load-config";
import { definitionOf, runtimeContext, tenantOf } from "../../runtime/logger/context";

describe("runtimeContext", () => {
  const config = loadConfig("configs");

  test("holds the tenants of one environment, and all tables", () => {
    const context = runtimeContext({ config, environment: "local", environmentVariables: {} });
    expect([...context.tenants.values()].every(({ environment }) => environment === "local")).toBe(true);
    expect([...context.tenants.keys()]).toEqual(
      config.tenants.filter(({ environments }) => "local" in environments).map(({ tenantId }) => tenantId),
    );
    expect([...context.definitions.keys()]).toEqual(["api_keys", "dq_results", "pipeline_runs", "step_logs"]);
  });

  test("sends rows of a real environment to no emulator", () => {
    const environmentVariables = { BIGQUERY_EMULATOR_HOST: "localhost:9050" };
    expect(() => runtimeContext({ config, environment: "prod", environmentVariables })).toThrow(
      "The environment prod is a real one, since its state lies in a bucket; rows sent to the emulator at http://localhost:9050 would be lost.",
    );
    expect(runtimeContext({ config, environment: "local", environmentVariables })).toBeDefined();
  });

  test("names what was probably meant", () => {
    expect(() => runtimeContext({ config, environment: "prd", environmentVariables: {} })).toThrow(
      'There is no environment "prd" in the configuration of this environment. Did you mean "prod"?',
    );
    const context = runtimeContext({ config, environment: "local", environmentVariables: {} });
    expect(() => tenantOf(context, "acme_retial")).toThrow('Did you mean "acme_retail"?');
    expect(() => definitionOf(context, "steps")).toThrow("There is: api_keys, dq_results, pipeline_runs, step_logs.");
  });
});
