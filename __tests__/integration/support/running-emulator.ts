import type { RunningEmulator } from "../../../emulator/emulator";

/** Jest runs its setup and its teardown in one process, but loads their modules apart. */
const holder = globalThis as { metadataEmulator?: RunningEmulator };

export function keepEmulator(emulator: RunningEmulator): void {
  holder.metadataEmulator = emulator;
}

export function keptEmulator(): RunningEmulator | undefined {
  return holder.metadataEmulator;
}
