/*
 * What the comparison looks at: less strict than a definition, so that a table of a plan, whichever program made it, can be
 * compared by the same rules. A `TableDefinition` and a `TableResource` are comparable as they are.
 */

/** A column or nested field. */
export interface ComparableColumn {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly ComparableColumn[];
  readonly policyTags?: { readonly names?: readonly string[] };
  readonly defaultValueExpression?: string;
  readonly allowedValues?: readonly string[];
}

/** A table. */
export interface ComparableTable {
  readonly tableId: string;
  /** Of definitions alone: a plan's table says nothing of it. */
  readonly access?: string;
  readonly description?: string;
  readonly schema: { readonly fields: readonly ComparableColumn[] };
  readonly timePartitioning?: {
    readonly type: string;
    /** Absent: partitioned by the time of ingestion. */
    readonly field?: string;
    /** Decimal string; `"0"` is never, absent is whatever the table has. */
    readonly expirationMs?: string;
  };
  readonly clustering?: { readonly fields: readonly string[] };
  readonly requirePartitionFilter?: boolean;
  readonly tableConstraints?: {
    readonly primaryKey?: { readonly columns: readonly string[] };
    readonly foreignKeys?: readonly { readonly columnReferences: readonly { readonly referencingColumn: string }[] }[];
  };
  readonly labels?: Readonly<Record<string, string>>;
  readonly encryptionConfiguration?: { readonly kmsKeyName: string };
}

/** NULLABLE, REQUIRED or REPEATED; an absent mode is NULLABLE, and letter case does not count. */
export function modeOf({ mode }: ComparableColumn): string {
  return mode?.toUpperCase() ?? "NULLABLE";
}
