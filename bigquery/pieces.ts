/**
 * Bytes of JSON that one query parameter may hold here. A query request may have 10 MB with everything in it, and the text is
 * escaped once more when it is put into the request.
 *
 * @see https://cloud.google.com/bigquery/quotas#query_jobs
 */
export const MAX_PARAMETER_BYTES = 4_000_000;

/** Cuts a list into pieces of at most `maxCount` elements and, by their size, `maxSize`; an element larger than that is a piece of its own. */
export function pieces<T>(
  elements: readonly T[],
  { maxCount, maxSize, sizeOf }: { maxCount: number; maxSize: number; sizeOf: (element: T) => number },
): readonly (readonly T[])[] {
  const result: T[][] = [];
  let size = 0;
  for (const element of elements) {
    const added = sizeOf(element);
    const last = result.at(-1);
    if (last === undefined || last.length === maxCount || size + added > maxSize) {
      result.push([element]);
      size = added;
    } else {
      last.push(element);
      size += added;
    }
  }
  return result;
}

/** Bytes that a value takes as JSON inside a request's JSON: quotes and backslashes are escaped twice. */
export function requestBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
}
