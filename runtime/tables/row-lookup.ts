import type { Deadline } from "../../bigquery/deadline";
import { MAX_PARAMETER_BYTES, pieces, requestBytes } from "../../bigquery/pieces";
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
    const partition = this.partitions(rows);
    const result = await queries.run(
      `SELECT DISTINCT ${keyColumn} AS id FROM ${queries.table(definition.tableId)}
      WHERE ${keyColumn} IN (SELECT JSON_VALUE(id) FROM UNNEST(JSON_QUERY_ARRAY(@ids)) AS id)${partition.condition}`,
      { ids: JSON.stringify(rows.map((row) => (row as Row)[keyColumn])), ...partition.parameters },
      deadline,
    );
    return result.rows.map(({ id }) => id);
  }

  /** The rows' own partitions: cheaper than the whole table, and a table may require it. */
  private partitions(rows: readonly object[]) {
    const { timePartitioning, schema } = this.definition;
    const column = schema.fields.find(({ name }) => name === timePartitioning?.field);
    if (column === undefined) return { condition: "", parameters: {} };
    const micros = rows
      .map((row) => timeMicros(column.type, (row as Row)[column.name]))
      .filter((time) => time !== undefined);
    const at = (parameter: string) => `CAST(TIMESTAMP_MICROS(CAST(@${parameter} AS INT64)) AS ${column.type})`;
    return {
      condition: ` AND ${column.name} BETWEEN ${at("earliest")} AND ${at("latest")}`,
      parameters: {
        earliest: String(micros.reduce((least, time) => (time < least ? time : least), micros[0] ?? 0n)),
        latest: String(micros.reduce((most, time) => (time > most ? time : most), micros[0] ?? 0n)),
      },
    };
  }
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
