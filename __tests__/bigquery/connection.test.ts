import { loadConfig } from "../../model/load-config";
import { emulatorAddress } from "../../bigquery/connection";
import { definitionOf, runtimeContext, tenantOf } from "../../runtime/logger/context";

describe("emulatorAddress", () => {
  test.each([
    [{}, undefined, undefined],
    [{ BIGQUERY_EMULATOR_HOST: "" }, undefined, undefined],
    [{}, "http://127.0.0.1:9050", { restUrl: "http://127.0.0.1:9050", grpcAddress: "127.0.0.1:9060" }],
    [
      { BIGQUERY_EMULATOR_HOST: "emulator:1" },
      "http://127.0.0.1:9050",
      { restUrl: "http://emulator:1", grpcAddress: "emulator:9060" },
    ],
    [
      { BIGQUERY_EMULATOR_HOST: "https://emulator.example.com/", BIGQUERY_EMULATOR_GRPC_HOST: "127.0.0.1:7" },
      undefined,
      { restUrl: "https://emulator.example.com", grpcAddress: "127.0.0.1:7" },
    ],
  ])("%j with endpoint %p is %p", (variables, endpoint, address) => {
    expect(emulatorAddress(variables, endpoint)).toEqual(address);
  });

  test("an address that cannot be read is refused with the variable to set", () => {
    expect(() => emulatorAddress({ BIGQUERY_EMULATOR_HOST: "http://" })).toThrow(
      'The emulator\'s address "http://" cannot be read. Set BIGQUERY_EMULATOR_HOST to a host and port such as 127.0.0.1:9050.',
    );
    expect(() => emulatorAddress({ BIGQUERY_EMULATOR_HOST: "a:1", BIGQUERY_EMULATOR_GRPC_HOST: "9060" })).toThrow(
      'The emulator\'s gRPC address "9060" cannot be read.',
    );
  });
});

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

  test("names what was probably meant", () => {
    expect(() => runtimeContext({ config, environment: "prd", environmentVariables: {} })).toThrow(
      'There is no environment "prd" in the configuration of this environment. Did you mean "prod"?',
    );
    const context = runtimeContext({ config, environment: "local", environmentVariables: {} });
    expect(() => tenantOf(context, "acme_retial")).toThrow('Did you mean "acme_retail"?');
    expect(() => definitionOf(context, "steps")).toThrow("There is: api_keys, dq_results, pipeline_runs, step_logs.");
  });
});
