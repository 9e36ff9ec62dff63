import fc from "fast-check";
import { emulatorAddress } from "../../bigquery/emulator-address";
import { connect } from "../../runtime/connect";
import { openWarehouse } from "../../bigquery/warehouse";
import { AWAY, LOOPBACK } from "../support/endpoints";

const HOST = "(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\]|\\[::ffff:7f[\\da-f]{2}:[\\da-f]+\\])";

/** Both addresses, or `refused` when the variable is said to be at fault, or `none`. */
function outcome(host: string): readonly [string, string] {
  try {
    const { restUrl = "none", grpcAddress = "none" } = emulatorAddress({ BIGQUERY_EMULATOR_HOST: host }) ?? {};
    return [restUrl, grpcAddress];
  } catch (error) {
    if (/BIGQUERY_EMULATOR_HOST is (?:no address|set and blank)/.test(String(error))) return ["refused", "refused"];
    throw error;
  }
}

describe("emulatorAddress", () => {
  test.each([
    [{}, undefined, undefined],
    [{}, "http://127.0.0.1:9050", { restUrl: "http://127.0.0.1:9050", grpcAddress: "127.0.0.1:9060" }],
    [
      { BIGQUERY_EMULATOR_HOST: "localhost:1" },
      "http://127.0.0.1:9050",
      { restUrl: "http://localhost:1", grpcAddress: "localhost:9060" },
    ],
    [
      { BIGQUERY_EMULATOR_HOST: "http://localhost:9050/", BIGQUERY_EMULATOR_GRPC_HOST: "127.0.0.1:7" },
      undefined,
      { restUrl: "http://localhost:9050", grpcAddress: "127.0.0.1:7" },
    ],
    [{ BIGQUERY_EMULATOR_HOST: "[::1]:9050" }, undefined, { restUrl: "http://[::1]:9050", grpcAddress: "[::1]:9060" }],
    [
      { BIGQUERY_EMULATOR_HOST: " 127.0.0.1 ", BIGQUERY_EMULATOR_GRPC_HOST: "[::1]" },
      undefined,
      { restUrl: "http://127.0.0.1:9050", grpcAddress: "[::1]:9060" },
    ],
    [
      { BIGQUERY_EMULATOR_HOST: "LOCALHOST.:9050/", BIGQUERY_EMULATOR_GRPC_HOST: "http://localhost" },
      undefined,
      { restUrl: "http://localhost:9050", grpcAddress: "localhost:80" },
    ],
  ])("%j with endpoint %p is %p", (variables, endpoint, address) => {
    expect(emulatorAddress(variables, endpoint)).toEqual(address);
  });

  test.each([
    [{ BIGQUERY_EMULATOR_HOST: "" }, "BIGQUERY_EMULATOR_HOST is set and blank"],
    [{ BIGQUERY_EMULATOR_HOST: " \t" }, "BIGQUERY_EMULATOR_HOST is set and blank"],
    [
      { BIGQUERY_EMULATOR_HOST: "localhost", BIGQUERY_EMULATOR_GRPC_HOST: " " },
      "BIGQUERY_EMULATOR_GRPC_HOST is set and",
    ],
    [{ BIGQUERY_EMULATOR_GRPC_HOST: "localhost" }, "BIGQUERY_EMULATOR_HOST does not. Fix: set both, or neither."],
  ])("%j is refused: it does not lead to the real service unsaid", (variables, message) => {
    expect(() => emulatorAddress(variables)).toThrow(message);
  });

  test.each(LOOPBACK)("takes every spelling of this machine: %s", (url) => {
    const address = emulatorAddress({ BIGQUERY_EMULATOR_HOST: url.replace(/^https?:\/\//i, "") });
    expect(address?.restUrl).toMatch(/^http:\/\/(?:localhost|127\.[\d.]+|\[[\da-f:]+\]):9050$/);
    expect(emulatorAddress({}, url)).toBeDefined();
  });

  test.each(AWAY)("refuses whatever leads away from this machine or cannot be read: %s", (url) => {
    const host = url.replace(/^https?:\/\//i, "");
    expect(() => emulatorAddress({}, url)).toThrow(
      "The environment's endpoint is no address of an emulator on this machine",
    );
    expect(() => emulatorAddress({ BIGQUERY_EMULATOR_HOST: host })).toThrow("BIGQUERY_EMULATOR_HOST is no address");
    expect(() => emulatorAddress({ BIGQUERY_EMULATOR_HOST: url })).toThrow("BIGQUERY_EMULATOR_HOST is no address");
    expect(() => emulatorAddress({ BIGQUERY_EMULATOR_HOST: "localhost", BIGQUERY_EMULATOR_GRPC_HOST: host })).toThrow(
      "BIGQUERY_EMULATOR_GRPC_HOST is no address",
    );
  });

  test("never gives an address that is not on this machine, and never the URL null", () => {
    const part = fc.constantFrom(
      "http",
      "https",
      "grpc",
      "://",
      ":",
      "/",
      "@",
      "127.0.0.1",
      "localhost",
      "[::1]",
      ".",
      "9050",
      "example.com",
      "\\",
      "%31",
      "null",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 7 }), (parts) => {
        const [restUrl, grpcAddress] = outcome(parts.join(""));
        expect(restUrl).toMatch(new RegExp(`^(?:none|refused|https?://${HOST}(?::\\d+)?)$`));
        expect(grpcAddress).toMatch(new RegExp(`^(?:none|refused|${HOST}:\\d+)$`));
      }),
      { numRuns: 3000 },
    );
  });

  test("a refusal names what is allowed, and no password", () => {
    expect(() => emulatorAddress({}, "http://user:hunter2@127.0.0.1:9050")).toThrow(
      'The environment\'s endpoint is no address of an emulator on this machine: "…@127.0.0.1:9050". ' +
        "Allowed: http:// or https://, a host on this machine (localhost, 127.0.0.1 or [::1]) and a port, for example http://127.0.0.1:9050.",
    );
  });
});

test("no client is made for an emulator elsewhere, however its address came to be", () => {
  const elsewhere = { restUrl: "http://emulator.example.com:9050", grpcAddress: "emulator.example.com:9060" };
  const here = { restUrl: "http://127.0.0.1:9050", grpcAddress: "127.0.0.1:9060" };
  const projectId = "example-dev";
  expect(() => connect({ projectId, emulator: { ...here, restUrl: elsewhere.restUrl } })).toThrow("no address");
  expect(() => connect({ projectId, emulator: { ...here, grpcAddress: elsewhere.grpcAddress } })).toThrow("no address");
  expect(() => openWarehouse({ projectId, endpoint: elsewhere.restUrl })).toThrow("no address");
  expect(connect({ projectId, emulator: here }).projectId).toBe(projectId);
});
