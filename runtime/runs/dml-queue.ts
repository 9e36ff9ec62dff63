/**
 * Runs the statements that change one table one after the other: BigQuery runs two at a time, queues twenty and refuses the
 * rest, and statements that change the same partition at once conflict.
 *
 * @see https://cloud.google.com/bigquery/docs/data-manipulation-language#dml-limitations
 */
export class DmlQueue {
  private tail: Promise<unknown> = Promise.resolve();

  /** Runs `statement` once those before it are done, whatever became of them. */
  async run<T>(statement: () => Promise<T>): Promise<T> {
    const result = this.tail.then(statement);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
