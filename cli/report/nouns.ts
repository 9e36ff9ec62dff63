/** `1 tenant`, `12 tenants`. */
export function nounOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
