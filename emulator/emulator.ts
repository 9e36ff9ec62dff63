import { type ChildProcessByStdio, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { RemoteError, UsageError } from "../model/errors";
import { type EmulatorAddress, emulatorAddress } from "../bigquery/emulator-address";
import { ensurePython } from "./python";

/** A BigQuery emulator that takes requests. */
export interface RunningEmulator extends EmulatorAddress {
  /** True when it was there before. */
  readonly isForeign: boolean;
  /** Ends the emulator, unless it was there before; all its data is lost. One that this process started ends with it. */
  stop(): Promise<void>;
}

export interface EmulatorOptions {
  /** @default a free one */
  readonly restPort?: number;
  /** @default a free one */
  readonly grpcPort?: number;
  /** Receives a line for each step of an installation. */
  readonly report: (line: string) => void;
}

/**
 * The emulator that `BIGQUERY_EMULATOR_HOST` names, or else one that is started.
 *
 * @throws {@link UsageError} when nothing answers there.
 */
export async function findOrStartEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const address = emulatorAddress(process.env);
  if (address === undefined) return startEmulator(options);
  await fetch(address.restUrl).catch((error: unknown) => {
    throw new UsageError(
      `BIGQUERY_EMULATOR_HOST names an emulator at ${address.restUrl}, and nothing answers there. ` +
        "Start it with `npm run emulator`, or unset the variable to have one started.",
      { cause: error },
    );
  });
  return { ...address, isForeign: true, stop: async () => undefined };
}

/**
 * Installs the emulator when needed, starts it on loopback, and waits until it takes requests.
 *
 * @throws {@link RemoteError} with its own words when it does not start.
 */
export async function startEmulator({ restPort = 0, grpcPort = 0, report }: EmulatorOptions): Promise<RunningEmulator> {
  const python = await ensurePython(report);
  const child = spawn(
    python,
    [path.join(__dirname, "serve.py"), String(restPort), String(grpcPort), "--stop-with-stdin"],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  const ports = await waitForPorts(child);
  child.stdout.resume();
  child.stderr.resume();
  return {
    restUrl: `http://127.0.0.1:${ports.restPort}`,
    grpcAddress: `127.0.0.1:${ports.grpcPort}`,
    isForeign: false,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}

async function waitForPorts(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
): Promise<{ readonly restPort: number; readonly grpcPort: number }> {
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4000)));
  return new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line) as { restPort: number; grpcPort: number });
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new RemoteError(`The emulator ended at its start, with code ${code}. ${words.trim()}`)),
    );
  });
}
