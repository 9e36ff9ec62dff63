import { type BigQueryConnection, type ConnectionOptions, connectTo } from "../bigquery/connection";
import { defined } from "../model/defined";
import { checkOptions } from "./options";

/**
 * Makes a project's clients; connects to nothing yet.
 *
 * @throws {@link UsageError} for options that cannot be used, or an emulator that is not on this machine.
 *
 * @example
 * ```ts
 * import { connect, emulatorAddress } from "tenant-metadata/runtime";
 *
 * const emulator = emulatorAddress({ BIGQUERY_EMULATOR_HOST: "127.0.0.1:9050" });
 * const { projectId } = connect({ projectId: "example-dev", ...(emulator === undefined ? {} : { emulator }) });
 * console.log(projectId);
 * ```
 */
export function connect(options: ConnectionOptions): BigQueryConnection {
  return connectTo(defined(checkOptions("The options of connect", ({ Connection }) => Connection, options)));
}
