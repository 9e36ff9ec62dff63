/** How many times a costly property is tried: `npm test` tries it `count` times, `npm run test:thorough` `TEST_EFFORT` times as often. */
export function runs(count: number): number {
  return Math.ceil(count * Number(process.env["TEST_EFFORT"] ?? 1));
}
