import { LABEL_COLUMNS, TABLE_IDS, type Ledger, type Sent, type TableId, type Timed } from "./ledger";
import type { DecodedRow } from "./row-decoder";
import { tablePath, type World } from "./world";

/** Compares what loggers said with what is in the tables. @returns every promise that was broken, in words. */
export function judge(ledger: Ledger, world: World): readonly string[] {
  const written = count(rowsOf(world));
  const gone = count(world.service.dropped.flatMap((table) => labelled(table.path, table.rows)));
  return [
    ...world.service.violations.map((violation) => `the client sent ${violation}`),
    ...ledger.sent.flatMap((row) => judgeRow(row, ledger, written.get(row.label) ?? 0, gone.get(row.label) ?? 0)),
    ...strangers(ledger, written),
    ...judgeOrder(ledger, world),
    ...judgeRuns(ledger, world),
    ...ledger.timed.flatMap((timed) => judgeTime(timed, world)),
  ];
}

function judgeRow(row: Sent, ledger: Ledger, times: number, timesGone: number): readonly string[] {
  const fate = ledger.fateOf(row);
  const complaint = (text: string) => [`${row.label} in ${row.tableId}: ${text}`];
  if (times > 1) return complaint(`written ${times} times`);
  if (ledger.cutShort.has(row.line) && fate === "acknowledged") return [];
  if (fate === undefined) return complaint("nothing was said of it");
  if (fate === "acknowledged") return times + timesGone === 0 ? complaint("acknowledged and lost") : [];
  return fate !== "unknown" && times > 0 ? complaint(`${fate}, and written`) : [];
}

/** A call settles in its time, which starts anew whenever rows of its table are written. */
function judgeTime(
  { what, startedAt, settledAt, withinMs, paths }: Timed,
  { service, isExact }: World,
): readonly string[] {
  if (settledAt === undefined) return [`${what} never settled`];
  const progress = service.heard.filter(({ path, at }) => paths.includes(path) && at <= settledAt).map(({ at }) => at);
  const since = Math.max(startedAt, ...progress);
  return isExact && settledAt - since > withinMs ? [`${what} took ${settledAt - since} of ${withinMs} ms`] : [];
}

/** Rows in tables that nobody sent. */
function strangers(ledger: Ledger, written: ReadonlyMap<string, number>): readonly string[] {
  const known = new Set(ledger.sent.map(({ label }) => label));
  return [...written.keys()].filter((label) => !known.has(label)).map((label) => `${label} was never sent`);
}

/** Rows of one line that are known to be written are there in the order in which they were given. */
function judgeOrder(ledger: Ledger, world: World): readonly string[] {
  const sent = new Map(ledger.sent.map((row) => [row.label, row]));
  const last = new Map<string, Sent>();
  return rowsOf(world).flatMap(({ label }) => {
    const row = sent.get(label);
    if (row === undefined || ledger.fateOf(row) !== "acknowledged") return [];
    const line = `${row.tenantId} ${row.tableId} ${row.line}`;
    const before = last.get(line);
    last.set(line, row);
    return before !== undefined && before.place > row.place ? [`${before.label} was written before ${label}`] : [];
  });
}

/** A run whose end nobody was told is not recorded has that end in its row. */
function judgeRuns(ledger: Ledger, world: World): readonly string[] {
  const statuses = new Map(
    rowsOf(world).flatMap(({ label, row }) => (row["status"] === undefined ? [] : [[label, row["status"]]])),
  );
  return ledger.runs.flatMap(({ label, status, runId = "" }) => {
    const isTold = ledger.unfinished.has(runId) || ledger.cutShort.has(label);
    const written = statuses.get(label);
    // A run whose start is not in the table has been told of as a row.
    if (isTold || written === undefined || written === status) return [];
    return [`${label} is ${written as string}, and its end ${String(status)} was said to be recorded`];
  });
}

interface Labelled {
  readonly label: string;
  readonly row: DecodedRow;
}

function rowsOf({ service, tenants }: World): readonly Labelled[] {
  return tenants.flatMap((tenant) =>
    TABLE_IDS.flatMap((tableId) => {
      const path = tablePath(tenant, tableId);
      return labelled(path, service.tables.get(path)?.rows ?? []);
    }),
  );
}

function labelled(path: string, rows: readonly DecodedRow[]): readonly Labelled[] {
  const column = LABEL_COLUMNS[path.slice(path.lastIndexOf("/") + 1) as TableId];
  return rows.map((row) => ({ label: String(row[column]), row })).filter(({ label }) => label !== "probe");
}

function count(rows: readonly Labelled[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { label } of rows) times.set(label, (times.get(label) ?? 0) + 1);
  return times;
}
