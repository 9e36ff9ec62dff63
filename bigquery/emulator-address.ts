import { UsageError } from "../model/errors";
import { LOOPBACK_ALLOWED, loopbackUrl, withoutCredentials } from "../model/loopback";

/** Where an emulator of BigQuery is, on this machine. */
export interface EmulatorAddress {
  /** URL of its REST API, e.g. `http://127.0.0.1:9050`. */
  readonly restUrl: string;
  /** Host and port of its gRPC API, e.g. `127.0.0.1:9060`. */
  readonly grpcAddress: string;
}

/** Ports of an emulator that names none. */
const DEFAULT_REST_PORT = 9050;
const DEFAULT_GRPC_PORT = 9060;

/**
 * Finds the emulator to use, which has to be on this machine.
 *
 * 1. `BIGQUERY_EMULATOR_HOST`: `localhost:9050`, `[::1]:9050`, `127.0.0.1` (then the port is 9050) or a URL; with
 *    `BIGQUERY_EMULATOR_GRPC_HOST`, in the same spellings (then the port is 9060).
 * 2. `endpoint`, from the environment's configuration.
 * 3. None: the real service.
 *
 * Without `BIGQUERY_EMULATOR_GRPC_HOST` the gRPC port is 9060 on the REST API's host.
 *
 * @throws {@link UsageError} when a variable is blank, only the second one is set, or an address cannot be read or leads away from this machine.
 *
 * @example
 * ```ts
 * import { emulatorAddress } from "tenant-metadata/runtime";
 *
 * console.log(emulatorAddress({ BIGQUERY_EMULATOR_HOST: "localhost" })?.restUrl); // http://localhost:9050
 * ```
 */
export function emulatorAddress(
  environmentVariables: Readonly<Record<string, string | undefined>>,
  endpoint?: string,
): EmulatorAddress | undefined {
  const variable = (name: string) => {
    const value = environmentVariables[name]?.trim();
    if (value !== "") return value;
    throw new UsageError(`${name} is set and blank. Fix: name the emulator, e.g. localhost, or unset it.`);
  };
  const host = variable("BIGQUERY_EMULATOR_HOST");
  const grpcHost = variable("BIGQUERY_EMULATOR_GRPC_HOST");
  if (host === undefined && endpoint === undefined) {
    if (grpcHost === undefined) return undefined;
    throw new UsageError(
      "BIGQUERY_EMULATOR_GRPC_HOST names an emulator and BIGQUERY_EMULATOR_HOST does not. Fix: set both, or neither.",
    );
  }
  const rest =
    host === undefined
      ? emulatorUrl(endpoint ?? "", "The environment's endpoint")
      : emulatorUrl(withPort(host, DEFAULT_REST_PORT), "BIGQUERY_EMULATOR_HOST");
  const grpc = grpcHost ?? rest.hostname;
  return { restUrl: rest.origin, grpcAddress: grpcTarget(grpc).address };
}

/**
 * The URL of an emulator, checked.
 *
 * @param source - what holds the text, for the error.
 * @throws {@link UsageError} when it cannot be read, or leads away from this machine.
 */
export function emulatorUrl(text: string, source: string): URL {
  const url = loopbackUrl(text);
  if (url !== undefined) return url;
  throw new UsageError(
    `${source} is no address of an emulator on this machine: ${JSON.stringify(withoutCredentials(text))}. ` +
      `Allowed: ${LOOPBACK_ALLOWED}.`,
  );
}

/** Where gRPC connects to, checked like {@link emulatorUrl}. */
export function grpcTarget(text: string): { readonly host: string; readonly port: number; readonly address: string } {
  const { hostname, port, protocol } = emulatorUrl(withPort(text, DEFAULT_GRPC_PORT), "BIGQUERY_EMULATOR_GRPC_HOST");
  // A URL leaves out the default port of its scheme.
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return { host: hostname, port: number, address: `${hostname}:${number}` };
}

/** Completes what has no scheme: `localhost` becomes `http://localhost:9050`. */
function withPort(text: string, port: number): string {
  if (text.includes("://")) return text;
  const host = text.replace(/\/$/, "");
  return `http://${/:\d+$/.test(host) ? host : `${host}:${port}`}`;
}
