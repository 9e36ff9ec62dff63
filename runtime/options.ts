import { z } from "zod";
import { UsageError } from "../model/errors";
import { formatPath } from "../model/problems";
import type { RuleFinding } from "../model/rules/finding";
import { checkShape } from "../model/zod-problems";
import { describeReceived } from "./encoding/describe-received";

/** The longest time that Node's timers take. */
export const MAX_MS = 2 ** 31 - 1;

/** A time in milliseconds, of at least one. */
export const Milliseconds = z.int().min(1).max(MAX_MS);

/** A callback of the caller's. */
export function callback<F extends (...args: never[]) => unknown>() {
  const params = { allowed: "a function", remedy: "Pass a function" };
  return z.custom<F>((value) => typeof value === "function", { params });
}

/**
 * Checks what a caller passes, before anything is done with it.
 *
 * @param what - names it in the message, e.g. `The options of a MetadataLogger`.
 * @returns the options with their defaults.
 * @throws {@link UsageError} with everything that is wrong: its name, what was received, what is allowed.
 */
export function checkOptions<S extends z.ZodType>(what: string, schema: S, options: unknown): z.output<S> {
  const result = checkShape(schema, options);
  if ("data" in result) return result.data;
  throw new UsageError([`${what} cannot be used:`, ...result.findings.map(describe)].join("\n  "));
}

function describe({ path, message, received, allowed = message, remedy }: RuleFinding): string {
  const place = path.length === 0 ? "the options" : formatPath(path);
  if (message.endsWith("is not known here")) return `${place}: not known; allowed: ${allowed}. ${remedy}.`;
  return `${place}: received ${shown(received)}, allowed: ${allowed}.`;
}

function shown(value: unknown): string {
  return typeof value === "string" && value.length <= 40 ? JSON.stringify(value) : describeReceived(value);
}
