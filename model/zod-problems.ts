import { z } from "zod";
import { patternHint, type Refusal } from "./formats/primitives";
import type { RuleFinding } from "./rules/finding";
import { pickOne } from "./problems";

type Issue = z.core.$ZodIssue;

/** Checks `value` against `schema`; what zod reports becomes findings a person can act on. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { readonly data: z.output<S> } | { readonly findings: readonly RuleFinding[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { data: result.data };
  return { findings: result.error.issues.flatMap((issue) => findings(issue, schema, value)) };
}

function findings(issue: Issue, schema: z.ZodType, value: unknown): RuleFinding[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = knownKeys(schema, path, value);
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `The key ${JSON.stringify(key)} is not known here`,
        allowed: known.join(", "),
        remedy: pickOne(key, known, "Remove it"),
      }));
    }
    case "invalid_type": {
      const received = valueAt(value, path);
      if (received !== undefined) {
        return [
          {
            path,
            message: "The value has the wrong type",
            received,
            allowed: a(issue.expected),
            remedy: "Correct the value",
          },
        ];
      }
      return [{ path, message: missing(path), allowed: a(issue.expected), remedy: "Add it" }];
    }
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const received = valueAt(value, path);
      return [
        {
          path,
          message: received === undefined ? missing(path) : "The value is not one of those allowed",
          received,
          allowed: allowed.join(", "),
          remedy: pickOne(String(received), allowed, "Use one of the allowed values"),
        },
      ];
    }
    case "invalid_union": {
      const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
      const received = valueAt(value, path);
      return [
        {
          path,
          message: "The value is not one of those allowed",
          received,
          allowed: options.join(", "),
          remedy: pickOne(String(received), options, "Use one of the allowed values"),
        },
      ];
    }
    case "invalid_format":
      return [{ path, message: "The value is not well-formed", received: valueAt(value, path), ...hint(issue) }];
    case "invalid_key": {
      const [inner] = issue.issues;
      const explained = inner?.code === "invalid_format" ? hint(inner) : { remedy: "Rename the key" };
      return [{ path, message: "The key is not well-formed", received: path.at(-1), ...explained }];
    }
    case "too_small":
    case "too_big": {
      const [bound, limit] = issue.code === "too_small" ? ["at least", issue.minimum] : ["at most", issue.maximum];
      const received = valueAt(value, path);
      const unit = Array.isArray(received) ? " entries" : typeof received === "string" ? " characters" : "";
      const size = Array.isArray(received) || typeof received === "string" ? received.length : received;
      return [
        {
          path,
          message: issue.code === "too_small" ? "The value is too small" : "The value is too large",
          received: size,
          allowed: `${bound} ${String(limit)}${unit}`,
          remedy: "Correct the value",
        },
      ];
    }
    case "custom": {
      const { message, showsReceived = true, ...hints } = issue.params as Refusal;
      return [
        {
          path,
          message: message ?? issue.message,
          ...(showsReceived ? { received: valueAt(value, path) } : {}),
          ...hints,
        },
      ];
    }
    default:
      return [{ path, message: issue.message, received: valueAt(value, path), remedy: "Correct the value" }];
  }
}

function missing(path: readonly PropertyKey[]): string {
  return `The key ${JSON.stringify(path.at(-1))} is missing`;
}

function hint(issue: { readonly pattern?: string | undefined }): {
  readonly allowed?: string;
  readonly remedy: string;
} {
  const pattern = issue.pattern ?? "";
  return patternHint(pattern) ?? { allowed: `text that matches ${pattern}`, remedy: "Correct the value" };
}

/** `string` gives "a string", `int` gives "a whole number", `record` gives "an object". */
function a(expected: string): string {
  const names: Record<string, string> = {
    int: "a whole number",
    record: "an object",
    object: "an object",
    array: "a list",
  };
  return names[expected] ?? `a ${expected}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null ? (current as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** Keys of the object schema that `path` leads to. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  let current: z.core.$ZodType | undefined = schema;
  let at: unknown = value;
  for (const segment of [...path, undefined]) {
    while (
      current instanceof z.ZodOptional ||
      current instanceof z.ZodDefault ||
      current instanceof z.ZodPrefault ||
      current instanceof z.ZodExactOptional
    ) {
      current = current.unwrap();
    }
    if (current instanceof z.ZodDiscriminatedUnion) current = matchingOption(current, at);
    if (segment === undefined) break;
    if (current instanceof z.ZodObject) current = (current.shape as Record<PropertyKey, z.core.$ZodType>)[segment];
    else if (current instanceof z.ZodArray) current = current.element;
    else if (current instanceof z.ZodRecord) current = current.valueType;
    at = valueAt(at, [segment]);
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The option of a discriminated union whose discriminator equals the value's. */
function matchingOption(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const { discriminator } = union.def;
  return union.options.find((option) => {
    const shape = option instanceof z.ZodObject ? (option.shape as Record<string, z.ZodType>) : {};
    return shape[discriminator]?.safeParse(valueAt(value, [discriminator])).success === true;
  });
}
