import { askFleet, billed, estimateFleet, type UnreadTenant } from "../../fleet/questions/ask-fleet";
import { bindParameters, type Question, questionSql } from "../../fleet/questions/question";
import { startProgress } from "../../constructs/synth/progress";
import { UsageError } from "../../model/errors";
import { formatBytes } from "../../model/format-bytes";
import { loadConfig } from "../../model/load-config";
import type { RuntimeContext } from "../../runtime/logger/context";
import { runtimeContext, tenantOf } from "../../runtime/logger/context";
import { EXIT } from "../../model/exit-codes";
import type { CliContext } from "../context";
import { type RowFormat, RowPrinter } from "../report/rows/row-printer";

/** To whom a question is put, and how its answer is printed. */
export interface AskOptions {
  readonly environment: string;
  /** One tenant; absent with {@link allTenants}. */
  readonly tenant?: string;
  readonly allTenants?: boolean;
  /** Values of the question's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly format: RowFormat;
  /** Nothing is asked when BigQuery would bill more bytes than this. */
  readonly maxBytes?: number;
}

const PAGE_ROWS = 1000;

/**
 * Puts a question to one tenant, or to every tenant of an environment, and prints the answer.
 *
 * @throws {@link UsageError} for an environment, tenant or parameter that there is not, or an answer that would cost too much.
 */
export async function ask(context: CliContext, question: Question, options: AskOptions): Promise<void> {
  if ((options.tenant === undefined) === (options.allTenants !== true)) {
    throw new UsageError("Name whom to ask: --tenant <id>, or --all-tenants.");
  }
  const runtime = runtimeContext({ config: loadConfig(context.configDir), environment: options.environment });
  const parameters = bindParameters(question, options.parameters);
  const printer = new RowPrinter(options.format, context.print);
  if (options.tenant === undefined) await askAll(context, runtime, question, { ...options, parameters }, printer);
  else {
    const tenant = tenantOf(runtime, options.tenant);
    const { rest } = runtime.connection;
    const sql = questionSql(question, tenant);
    const { projectId, location } = tenant;
    const bytes = await rest.dryRun(projectId, location, sql, parameters);
    checkBytes(billed(question, 1, bytes), options.maxBytes);
    for await (const page of rest.pages(projectId, location, sql, parameters, PAGE_ROWS)) printer.add(page);
    printer.end();
  }
  context.report(`${printer.rows === 1 ? "1 row" : `${printer.rows} rows`}.\n`);
}

async function askAll(
  context: CliContext,
  { tenants: byId, connection: { rest } }: RuntimeContext,
  question: Question,
  { parameters, maxBytes }: AskOptions,
  printer: RowPrinter,
): Promise<void> {
  const fleet = { question, parameters, tenants: [...byId.values()] };
  const { batches, bytes, billedBytes, unread } = await withProgress(fleet.tenants.length, async (step) =>
    estimateFleet(rest, fleet, step),
  );
  const asked = batches.reduce((sum, { length }) => sum + length, 0);
  context.report(
    `${asked} of ${fleet.tenants.length} tenants in ${batches.length === 1 ? "1 query" : `${batches.length} queries`}: ` +
      `reads ${formatBytes(bytes)}, billed as ${formatBytes(billedBytes)} (at least 10 MB a table).\n`,
  );
  checkBytes(billedBytes, maxBytes);
  const cut = await withProgress(asked, async (step) =>
    askFleet(rest, fleet, batches, (page) => printer.add(page), step),
  );
  printer.end();
  reportUnread(context, [...unread, ...cut]);
}

async function withProgress<T>(total: number, work: (step: (tenants: number) => void) => Promise<T>): Promise<T> {
  const bar = startProgress(total, "tenants");
  try {
    return await work((tenants) => {
      for (let done = 0; done < tenants; done++) bar.step("");
    });
  } finally {
    bar.stop();
  }
}

function checkBytes(bytes: number, maxBytes: number | undefined): void {
  if (maxBytes === undefined || bytes <= maxBytes) return;
  throw new UsageError(
    `The answer would cost ${formatBytes(bytes)} (${bytes} bytes), more than --max-bytes ${maxBytes}. Nothing was asked. ` +
      "Ask for fewer days or fewer tenants, or raise the limit.",
  );
}

/** Every tenant whose answer is missing, those of one reason together. */
function reportUnread({ report, exitWith }: CliContext, unread: readonly UnreadTenant[]): void {
  if (unread.length === 0) return;
  const byReason = new Map<string, string[]>();
  for (const { tenantId, reason } of unread) {
    const shared = reason.replaceAll(tenantId, "<tenant>");
    byReason.set(shared, [...(byReason.get(shared) ?? []), tenantId]);
  }
  report(`${unread.length === 1 ? "1 tenant" : `${unread.length} tenants`} could not be read:\n`);
  for (const [reason, tenants] of byReason) {
    report(`  ${tenants.join(", ")}: ${reason}\n`);
  }
  exitWith(EXIT.remote);
}
