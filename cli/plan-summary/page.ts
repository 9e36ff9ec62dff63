export function planPage(..._: unknown[]): string {
  return "";
}
