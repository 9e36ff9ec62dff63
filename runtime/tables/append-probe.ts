import { randomUUID } from "node:crypto";
import { InternalError } from "../../model/errors";
import type { Column, ColumnType, TableDefinition } from "../../model/formats/table-definition";
import { tableResourceName } from "../../model/names";
import type { ResolvedTenant } from "../../model/resolve";
import type { Deadline } from "../../bigquery/deadline";
import type { BigQueryConnection } from "../../bigquery/connection";
import { countRecent, deleteRecent } from "../../bigquery/sql/rows";
import { partitionColumn } from "./row-lookup";
import { fromCall } from "../delivery/append-error";
import { CommittedStream, createStream } from "../delivery/committed-stream";
import { rowDescriptor } from "../encoding/row-descriptor";
import { RowEncoder } from "../encoding/row-encoder";
import { TenantQueries } from "../../bigquery/tenant-queries";

const APPEND_TIMEOUT_MS = 30_000;

/** Writes a row without meaning, to see whether rows arrive in a table. */
export class AppendProbe {
  private readonly id = `probe-${randomUUID()}`;
  /** STRING column that holds the probe's id. A table without one is not probed. */
  private readonly idColumn: string | undefined;
  private readonly queries: TenantQueries;

  constructor(
    private readonly connection: BigQueryConnection,
    private readonly tenant: ResolvedTenant,
    private readonly definition: TableDefinition,
  ) {
    this.queries = new TenantQueries(connection.rest, tenant);
    this.idColumn = definition.schema.fields.find(
      ({ type, mode, name, allowedValues }) =>
        type === "STRING" && mode !== "REPEATED" && name !== "tenant_id" && allowedValues === undefined,
    )?.name;
  }

  /** Writes a probe and looks for it. False also when the table does not take it yet. */
  async arrives(deadline: Deadline): Promise<boolean> {
    if (this.idColumn === undefined) return true;
    try {
      await this.append(deadline);
    } catch (error) {
      if (fromCall(error).remedy === "give-up") throw error;
      return false;
    }
    const { rows } = await this.query(countRecent, this.idColumn, deadline);
    return Number(rows[0]?.["found"]) > 0;
  }

  /** Deletes every probe that arrived. */
  async cleanUp(deadline: Deadline): Promise<void> {
    if (this.idColumn !== undefined) await this.query(deleteRecent, this.idColumn, deadline);
  }

  private async append(deadline: Deadline): Promise<void> {
    const { tenant, definition, connection } = this;
    const parent = tableResourceName(tenant, definition.tableId);
    const encoded = new RowEncoder(definition, { tenantId: tenant.tenantId, now: () => connection.clock.now() }).encode(
      this.row(),
    );
    if (!(encoded instanceof Uint8Array)) {
      throw new InternalError(
        `The probe does not fit ${definition.tableId}: ${JSON.stringify(encoded)}. This is a bug.`,
      );
    }
    const { write: channels, clock } = connection;
    const { name } = await createStream(channels, parent, deadline.within(APPEND_TIMEOUT_MS));
    const stream = new CommittedStream(channels, name, rowDescriptor(definition.schema.fields), Infinity, {
      appendTimeoutMs: APPEND_TIMEOUT_MS,
      idleConnectionMs: APPEND_TIMEOUT_MS,
      clock,
    });
    try {
      await stream.append([encoded], false, deadline);
    } finally {
      await stream.close();
    }
  }

  private row(): object {
    const { tenant, definition, idColumn, id } = this;
    const filled = definition.schema.fields.filter(({ mode, name }) => mode === "REQUIRED" || name === idColumn);
    return Object.fromEntries(
      filled.map((column) => {
        if (column.name === idColumn) return [column.name, id];
        return [column.name, column.name === "tenant_id" ? tenant.tenantId : placeholder(column)];
      }),
    );
  }

  /** Runs a statement about the probe. */
  private async query(statement: typeof countRecent, column: string, deadline: Deadline) {
    const { tableId } = this.definition;
    const sql = statement(this.tenant, { tableId, column, partition: partitionColumn(this.definition) });
    return this.queries.run(sql, { id: this.id }, deadline);
  }
}

/** A value that a REQUIRED column takes. */
function placeholder({ type, fields = [], allowedValues }: Column): unknown {
  if (type === "RECORD") {
    return Object.fromEntries(
      fields.filter(({ mode }) => mode === "REQUIRED").map((field) => [field.name, placeholder(field)]),
    );
  }
  return type === "STRING" ? (allowedValues?.[0] ?? "probe") : PLACEHOLDERS[type](new Date());
}

const PLACEHOLDERS: Readonly<Record<Exclude<ColumnType, "STRING" | "RECORD">, (now: Date) => unknown>> = {
  BYTES: () => new Uint8Array(),
  INTEGER: () => 0,
  FLOAT: () => 0,
  NUMERIC: () => "0",
  BIGNUMERIC: () => "0",
  BOOLEAN: () => false,
  TIMESTAMP: (now) => now,
  DATE: (now) => now.toISOString().slice(0, 10),
  TIME: () => "00:00:00",
  DATETIME: (now) => now.toISOString().slice(0, 19),
  INTERVAL: () => "0-0 0 0:0:0",
  GEOGRAPHY: () => "POINT(0 0)",
  JSON: () => ({}),
};
