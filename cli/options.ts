import { InvalidArgumentError } from "commander";

/** Parser of an option that may be given more than once: collects the values. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

/** Parser of a repeatable option `key=value`. */
export function collectPair(
  value: string,
  previous: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write key=value, for example team=reports.");
  return { ...previous, [value.slice(0, at)]: value.slice(at + 1) };
}

/** Parser of a whole number. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("Write a whole number, for example 30.");
  return Number(value);
}
