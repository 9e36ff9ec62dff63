import type { Deadline } from "../../bigquery/deadline";

/**
 * Runs the statements that change one table one after the other: BigQuery runs two at a time, queues twenty and refuses the
 * rest, and statements that change the same partition at once conflict.
 *
 * @see https://cloud.google.com/bigquery/docs/data-manipulation-language#dml-limitations
 */
export class DmlQueue {
  private tail: Promise<unknown> = Promise.resolve();

  /**
   * Runs `statement` once those before it are done, whatever became of them.
   *
   * @throws `DeadlineError` when they were not done by the deadline; the statement does not run then.
   */
  async run<T>(deadline: Deadline, statement: () => Promise<T>): Promise<T> {
    const before = this.tail;
    const result = this.runAfter(before, deadline, statement);
    this.tail = Promise.allSettled([before, result]);
    return result;
  }

  private async runAfter<T>(before: Promise<unknown>, deadline: Deadline, statement: () => Promise<T>): Promise<T> {
    await deadline.race("Waiting for earlier statements on the table", before);
    return statement();
  }
}
