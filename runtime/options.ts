import type { z } from "zod";
import { UsageError } from "../model/errors";
import { formatPath, show } from "../model/problems";
import type { RuleFinding } from "../model/rules/finding";
import type * as ZodProblems from "../model/zod-problems";
import { describeReceived } from "./encoding/describe-received";
import type * as Shapes from "./option-shapes";

/**
 * Checks what a caller passes, before anything is done with it.
 *
 * @param what - names it in the message, e.g. `The options of a MetadataLogger`.
 * @param shapeOf - picks its shape. The shapes are loaded with the first check, and zod with them: that takes longer than loading
 *   all the rest.
 * @returns the options with their defaults.
 * @throws {@link UsageError} with everything that is wrong: its name, what was received, what is allowed.
 */
export function checkOptions<S extends z.ZodType>(
  what: string,
  shapeOf: (shapes: typeof Shapes) => S,
  options: unknown,
): z.output<S> {
  const { checkShape } = require("../model/zod-problems") as typeof ZodProblems;
  const result = checkShape(shapeOf(require("./option-shapes") as typeof Shapes), options);
  if ("data" in result) return result.data;
  throw new UsageError([`${what} cannot be used:`, ...result.findings.map(describe)].join("\n  "));
}

function describe({ path, message, received, allowed = message, remedy }: RuleFinding): string {
  const place = path.length === 0 ? "the options" : formatPath(path);
  if (message.endsWith("is not known here")) return `${place}: not known; allowed: ${allowed}. ${remedy}.`;
  return `${place}: received ${shown(received)}, allowed: ${allowed}.`;
}

function shown(value: unknown): string {
  return typeof value === "string" && value.length <= 40 ? show(value) : describeReceived(value);
}
