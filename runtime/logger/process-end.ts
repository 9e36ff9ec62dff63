/** Something that must not be open when the process ends. */
export interface Closable {
  /** Closes it; resolves within the time, and never throws. */
  closeForSignal(signal: string, timeoutMs: number): Promise<void>;
  /** Closes it when nothing else is left to do in the process. Never throws. */
  closeForgotten(): Promise<void>;
  /** Saves what can be saved at once. */
  abandon(by: string): void;
}

/** Longest wait beyond the time that closing was given. */
const MAX_OVERTIME_MS = 1000;
/** Signals that come within this time of the first are the same one: a terminal and npm both pass Ctrl+C on. */
const SAME_SIGNAL_MS = 1000;

const watched = new Set<Closable>();
const bySignal = new Map<NodeJS.Signals, Map<Closable, number>>();
let isListening = false;
/** When the signal came that is being closed for. */
let signalledAt: number | undefined;

/** Has something closed when the process ends without having done so. */
export function watchProcess(closable: Closable): void {
  watched.add(closable);
  if (isListening) return;
  isListening = true;
  // Emitted again once the closing has done its work; then nothing is watched.
  process.on("beforeExit", () => {
    for (const each of watched) void each.closeForgotten();
  });
  process.on("exit", () => {
    for (const each of watched) each.abandon("the end of the process");
  });
}

export function unwatchProcess(closable: Closable): void {
  watched.delete(closable);
  for (const signal of bySignal.keys()) removeFrom(signal, closable);
}

/**
 * Closes everything that asked for it on the first of some signals, then lets the signal do what it would have done. One that
 * comes more than a second later does so at once, after everything on its way was handed back.
 *
 * @returns a function that takes the wish back.
 */
export function closeOnSignals(closable: Closable, signals: readonly NodeJS.Signals[], timeoutMs: number): () => void {
  for (const signal of signals) {
    const known = bySignal.get(signal);
    if (known === undefined) {
      bySignal.set(signal, new Map([[closable, timeoutMs]]));
      process.on(signal, onSignal);
    } else known.set(closable, timeoutMs);
  }
  return () => {
    for (const signal of signals) removeFrom(signal, closable);
  };
}

function onSignal(signal: NodeJS.Signals): void {
  if (signalledAt !== undefined) {
    if (performance.now() - signalledAt >= SAME_SIGNAL_MS) endBy(signal);
    return;
  }
  signalledAt = performance.now();
  const closables = [...(bySignal.get(signal) ?? [])];
  const longest = Math.max(...closables.map(([, timeoutMs]) => timeoutMs));
  const closed = Promise.all(
    closables.map(async ([closable, timeoutMs]) => closable.closeForSignal(signal, timeoutMs)),
  );
  const over = new Promise((resolve) => setTimeout(resolve, longest + MAX_OVERTIME_MS));
  void Promise.race([closed, over]).finally(() => endBy(signal));
}

/** Lets a signal do what it would have done, once everything that it would take along is saved. */
function endBy(signal: NodeJS.Signals): void {
  if (signalledAt === undefined) return;
  signalledAt = undefined;
  const asked = [...bySignal.values()].flatMap((closables) => [...closables.keys()]);
  for (const each of bySignal.keys()) process.removeListener(each, onSignal);
  bySignal.clear();
  // Once every listener has been called: one that listens once does so no longer, and does not catch the signal again.
  process.nextTick(() => {
    // Where the program handles the signal itself, the process may live on, and with it what did not ask to be closed.
    const dying = process.listenerCount(signal) === 0 ? watched : [];
    for (const each of new Set([...asked, ...dying])) each.abandon(signal);
    process.kill(process.pid, signal);
  });
}

function removeFrom(signal: NodeJS.Signals, closable: Closable): void {
  const closables = bySignal.get(signal);
  closables?.delete(closable);
  if (closables?.size !== 0) return;
  bySignal.delete(signal);
  process.removeListener(signal, onSignal);
}
