import type { Deadline } from "../../bigquery/deadline";
import { MAX_PARAMETER_BYTES, pieces, requestBytes } from "../../bigquery/pieces";
import { findIds, type PartitionColumn } from "../../bigquery/sql/rows";
import type { TenantQueries } from "../../bigquery/tenant-queries";
import type { TableDefinition } from "../../model/formats/table-definition";
import { dateDays, timestampMicros } from "../encoding/civil-time";

type Row = Readonly<Record<string, unknown>>;

const MAX_IDS = 10_000;
const MICROS_PER_DAY = 86_400_000_000n;

/** Looks for rows in their table by their primary key, to find out what became of them. */
export class RowLookup {
  /** Set where the primary key is one STRING column; rows of other tables are not looked for. */
  private readonly keyColumn: string | undefined;

  constructor(
    private readonly queries: TenantQueries,
    private readonly definition: TableDefinition,
  ) {
    const [name, ...others] = definition.tableConstraints?.primaryKey?.columns ?? [];
    const column = definition.schema.fields.find((field) => field.name === name);
    this.keyColumn = column?.type === "STRING" && others.length === 0 ? column.name : undefined;
  }

  /** Whether rows of the table are looked for at all. */
  get canFind(): boolean {
    return this.keyColumn !== undefined;
  }

  /**
   * @returns those of the rows that are in the table. A row that is not among them may be there all the same: it is looked for in
   * its own partition only, and not at all without a key.
   */
  async find<T extends object>(rows: readonly T[], deadline: Deadline): Promise<ReadonlySet<T>> {
    const { keyColumn } = this;
    if (keyColumn === undefined) return new Set();
    const withKey = rows.filter((row) => typeof (row as Row)[keyColumn] === "string");
    const groups = pieces(withKey, {
      maxCount: MAX_IDS,
      maxSize: MAX_PARAMETER_BYTES,
      sizeOf: (row) => requestBytes((row as Row)[keyColumn]),
    });
    const found = new Set<unknown>();
    for (const group of groups) for (const id of await this.findIds(keyColumn, group, deadline)) found.add(id);
    return new Set(withKey.filter((row) => found.has((row as Row)[keyColumn])));
  }

  private async findIds(keyColumn: string, rows: readonly object[], deadline: Deadline): Promise<readonly unknown[]> {
    const { queries, definition } = this;
    const partition = partitionColumn(definition);
    const result = await queries.run(
      findIds(queries.tenant, { tableId: definition.tableId, column: keyColumn, partition }),
      { ids: JSON.stringify(rows.map((row) => (row as Row)[keyColumn])), ...(partition && times(rows, partition)) },
      deadline,
    );
    return result.rows.map(({ id }) => id);
  }
}

/** The rows' own partitions: cheaper than the whole table, and a table may require it. */
function times(rows: readonly object[], { name, type }: PartitionColumn) {
  const micros = rows.map((row) => timeMicros(type, (row as Row)[name])).filter((time) => time !== undefined);
  return {
    earliest: String(micros.reduce((least, time) => (time < least ? time : least), micros[0] ?? 0n)),
    latest: String(micros.reduce((most, time) => (time > most ? time : most), micros[0] ?? 0n)),
  };
}

/** The column by which a table is partitioned, if it is by one. */
export function partitionColumn({ timePartitioning, schema }: TableDefinition): PartitionColumn | undefined {
  return schema.fields.find(({ name }) => name === timePartitioning?.field);
}

/** A partition column's value as microseconds since 1970; a DATETIME has no zone and is read as UTC. */
function timeMicros(type: string, value: unknown): bigint | undefined {
  if (type !== "DATE") {
    const micros = timestampMicros(type === "DATETIME" ? `${String(value)}Z` : value);
    return micros === undefined ? undefined : BigInt(micros);
  }
  const days = dateDays(value);
  return days === undefined ? undefined : BigInt(days) * MICROS_PER_DAY;
}
