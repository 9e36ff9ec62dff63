import type { Column } from "../../model/formats/table-definition";
import { WIRE_FORMS } from "./value-encoders";

/** The parts of `google.protobuf.DescriptorProto` that a row needs. */
export interface RowDescriptor {
  readonly name: string;
  readonly field: readonly {
    readonly name: string;
    readonly number: number;
    readonly label: "LABEL_OPTIONAL" | "LABEL_REPEATED";
    readonly type: string;
    readonly typeName?: string;
  }[];
  readonly nestedType: readonly RowDescriptor[];
}

/**
 * Describes the messages of a `RowEncoder` to BigQuery.
 *
 * @param without - columns of the definition that the live table lacks, or holds in another type; no row has a value there.
 */
export function rowDescriptor(columns: readonly Column[], without: ReadonlySet<string> = new Set()): RowDescriptor {
  return describe("Row", columns, without);
}

function describe(name: string, columns: readonly Column[], without: ReadonlySet<string>): RowDescriptor {
  const numbered = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !without.has(column.name));
  return {
    name,
    field: numbered.map(({ column, index }) => ({
      name: column.name,
      number: index + 1,
      label: column.mode === "REPEATED" ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
      type: WIRE_FORMS[column.type].descriptorType,
      ...(column.type === "RECORD" ? { typeName: nestedName(index) } : {}),
    })),
    nestedType: numbered
      .filter(({ column }) => column.type === "RECORD")
      .map(({ column, index }) => describe(nestedName(index), column.fields ?? [], new Set())),
  };
}

function nestedName(index: number): string {
  return `Field${index + 1}`;
}
