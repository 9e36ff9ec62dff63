import { SingleBar } from "cli-progress";

/** A progress bar on stderr; silent when stderr is no terminal, so that logs stay readable. */
export interface Progress {
  /** One more is done. */
  readonly tick: (name: string) => void;
  readonly stop: () => void;
}

/** Starts a progress bar over `total` items. */
export function progressBar(title: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${title} [{bar}] {value}/{total} {name}`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  bar.start(total, 0, { name: "" });
  return {
    tick: (name) => bar.increment(1, { name }),
    stop: () => bar.stop(),
  };
}
