/** Calls `close` on the first of some signals, then lets it do what it would have done; a second signal does so at once. */
export function closeOnSignals(
  close: () => Promise<void>,
  signals: readonly NodeJS.Signals[],
  report: (error: Error) => void,
): () => void {
  const handlers = signals.map((signal) => {
    const handler = () => {
      remove();
      void close()
        .catch((error: unknown) => report(error as Error))
        .finally(() => process.kill(process.pid, signal));
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  const remove = () => {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler);
  };
  return remove;
}
