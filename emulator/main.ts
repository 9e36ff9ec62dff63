import { TenantMetadataError } from "../model/errors";
import { startEmulator } from "./emulator";

/** Where the environment `local` of the configuration expects it. */
const DEFAULT_PORTS = { restPort: 9050, grpcPort: 9060 };

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `npm run emulator`: starts the emulator on the given ports, and runs until it is interrupted. */
async function main([restPort, grpcPort]: readonly string[]): Promise<void> {
  const emulator = await startEmulator({
    restPort: Number(restPort ?? DEFAULT_PORTS.restPort),
    grpcPort: Number(grpcPort ?? DEFAULT_PORTS.grpcPort),
    report: say,
  });
  const { host } = new URL(emulator.restUrl);
  process.stdout.write(
    `export BIGQUERY_EMULATOR_HOST=${host}\nexport BIGQUERY_EMULATOR_GRPC_HOST=${emulator.grpcAddress}\n`,
  );
  say("The emulator runs. It keeps everything in memory. Ctrl-C ends it.");
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void emulator.stop().then(() => process.exit(0)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof TenantMetadataError ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
