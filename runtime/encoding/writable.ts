import { UsageError } from "../../model/errors";
import type { Column, TableDefinition } from "../../model/formats/table-definition";
import { WIRE_FORMS } from "./value-encoders";

/**
 * Refuses definitions with columns that the runtime cannot write, before a pipeline relies on them.
 *
 * @throws {@link UsageError} naming every such column.
 */
export function assertWritable(definitions: readonly TableDefinition[]): void {
  const unwritable = definitions.flatMap(({ tableId, schema }) =>
    unwritableColumns(schema.fields, "").map(({ path, type }) => `${tableId}.${path}: ${type}`),
  );
  if (unwritable.length === 0) return;
  throw new UsageError(
    [
      "The runtime cannot write these columns:",
      ...unwritable,
      `It writes ${Object.keys(WIRE_FORMS).join(", ")}. Fix: give the columns one of these types, or leave the tables out of what the runtime loads.`,
    ].join("\n  "),
  );
}

function unwritableColumns(
  columns: readonly Column[],
  prefix: string,
): readonly { readonly path: string; readonly type: string }[] {
  return columns.flatMap(({ name, type, fields = [] }) => [
    ...(Object.hasOwn(WIRE_FORMS, type) ? [] : [{ path: prefix + name, type }]),
    ...unwritableColumns(fields, `${prefix}${name}.`),
  ]);
}
