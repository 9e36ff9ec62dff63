import { SingleBar } from "cli-progress";

/** Shows how far a run over `total` items is. */
export interface Progress {
  /** One more item is done; `label` names it. */
  step(label: string): void;
  stop(): void;
}

/**
 * A progress bar on stderr, for terminals only: a log or a pipe gets nothing.
 *
 * @param unit - what is counted, e.g. `stacks`.
 */
export function startProgress(total: number, unit: string): Progress {
  const bar = new SingleBar({
    format: `{bar} {value}/{total} ${unit} {label}`,
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
    stream: process.stderr,
  });
  bar.start(total, 0, { label: "" });
  return { step: (label) => bar.increment({ label }), stop: () => bar.stop() };
}
