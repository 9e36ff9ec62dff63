import { z } from "zod";
import { patternHint, type Refusal } from "./formats/primitives";
import type { RuleFinding } from "./rules/finding";
import { own } from "./own";
import { pickOne, show } from "./problems";

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
        message: `The key ${show(key)} is not known here`,
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
            remedy: received === null ? leaveOut(schema, path, value, "Give it a value") : "Correct the value",
          },
        ];
      }
      return [{ path, message: missing(path), allowed: a(issue.expected), remedy: addOrLeaveOut(schema, path, value) }];
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
          remedy: valueRemedy(schema, path, value, allowed),
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
          remedy: valueRemedy(schema, path, value, options),
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
          remedy: isEmpty(received) ? leaveOut(schema, path, value, "Correct the value") : "Correct the value",
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
  return `The key ${show(path.at(-1))} is missing`;
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
  switch (expected) {
    case "int":
      return "a whole number";
    case "record":
    case "object":
      return "an object";
    case "array":
      return "a list";
    default:
      return `a ${expected}`;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null ? own(current as Record<PropertyKey, unknown>, key) : undefined,
    value,
  );
}

/** "Leave `x` out" where that is allowed, as it is of a key that has nothing to say. */
function leaveOut(schema: z.ZodType, path: readonly PropertyKey[], value: unknown, otherwise: string): string {
  return isOptional(schemaAt(schema, path, value)) ? `Leave \`${String(path.at(-1))}\` out` : otherwise;
}

/** What to do about a missing key: it may be missing because the object around it says nothing at all. */
function addOrLeaveOut(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string {
  const parent = path.slice(0, -1);
  if (!isEmpty(valueAt(value, parent)) || !isOptional(schemaAt(schema, parent, value))) return "Add it";
  return `Add it, or leave \`${String(parent.at(-1))}\` out`;
}

function valueRemedy(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value: unknown,
  allowed: readonly string[],
): string {
  const received = valueAt(value, path);
  if (received === undefined) return addOrLeaveOut(schema, path, value);
  const otherwise = "Use one of the allowed values";
  const pick = typeof received === "string" ? pickOne(received, allowed, otherwise) : otherwise;
  return received === null || isEmpty(received) ? leaveOut(schema, path, value, pick) : pick;
}

/** True of `[]`, `{}` and `""`. */
function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

type AnySchema = z.core.$ZodType | undefined;

const OPTIONAL = [z.ZodOptional, z.ZodDefault, z.ZodPrefault, z.ZodExactOptional] as const;

function isOptional(schema: AnySchema): schema is InstanceType<(typeof OPTIONAL)[number]> {
  return OPTIONAL.some((kind) => schema instanceof kind);
}

/** The schema behind what makes it optional. */
function unwrapped(schema: AnySchema): AnySchema {
  return isOptional(schema) ? unwrapped(schema.unwrap()) : schema;
}

/** The schema that `path` leads to, with what makes it optional. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): AnySchema {
  let current: AnySchema = schema;
  let at: unknown = value;
  for (const segment of path) {
    const object = concrete(current, at);
    if (object instanceof z.ZodObject) current = own(object.shape as Record<PropertyKey, z.core.$ZodType>, segment);
    else if (object instanceof z.ZodArray) current = object.element;
    else if (object instanceof z.ZodRecord) current = object.valueType;
    else return undefined;
    at = valueAt(at, [segment]);
  }
  return current;
}

/** Keys of the object schema that `path` leads to. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const found = concrete(schemaAt(schema, path, value), valueAt(value, path));
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** The schema itself; of a union, the option whose discriminator equals the value's. */
function concrete(schema: AnySchema, value: unknown): AnySchema {
  const found = unwrapped(schema);
  if (!(found instanceof z.ZodDiscriminatedUnion)) return found;
  const { discriminator } = found.def;
  return found.options.find((option) => {
    const shape = option instanceof z.ZodObject ? (option.shape as Record<string, z.ZodType>) : {};
    return own(shape, discriminator)?.safeParse(valueAt(value, [discriminator])).success === true;
  });
}
