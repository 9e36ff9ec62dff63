import { findOrStartEmulator } from "../../../emulator/emulator";
import { keepEmulator } from "./running-emulator";

/** Finds or starts the emulator that all tests share, and says where it is in the environment of their processes. */
export default async function globalSetup(): Promise<void> {
  const emulator = await findOrStartEmulator({ report: (line) => process.stderr.write(`${line}\n`) });
  process.env["BIGQUERY_EMULATOR_HOST"] = new URL(emulator.restUrl).host;
  process.env["BIGQUERY_EMULATOR_GRPC_HOST"] = emulator.grpcAddress;
  keepEmulator(emulator);
}
