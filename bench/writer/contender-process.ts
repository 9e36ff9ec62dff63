import { loadConfig } from "../../model/load-config";
import { runtimeContext } from "../../runtime/logger/context";
import { BATCH_ROWS, type ContenderName, CONTENDERS } from "./contenders";
import { stepRows } from "./rows";

/** What one contender did, measured in a process of its own. */
export interface Measurement {
  readonly rows: number;
  readonly seconds: number;
  /** Processor time of the client, in microseconds per row. */
  readonly cpuMicros: number;
  /** Largest resident memory of the process, in MB. */
  readonly peakMb: number;
  /** Resident memory after each tenth of the rows, in MB. */
  readonly memoryMb: readonly number[];
}

/** Calls under way at once: the next batch is prepared while one is being written. */
const WINDOW = 2;

async function main(name: ContenderName, tenantId: string, rowCount: number): Promise<void> {
  const { BIGQUERY_EMULATOR_HOST: host = "", BIGQUERY_EMULATOR_GRPC_HOST: grpcAddress = "" } = process.env;
  const context = runtimeContext({ config: loadConfig("configs"), environment: "local" });
  // The client of `table.insert` would take its base URL from it, and build a wrong one.
  delete process.env["BIGQUERY_EMULATOR_HOST"];
  const contender = await CONTENDERS[name]({ context, tenantId, restUrl: `http://${host}`, grpcAddress });
  const batch = stepRows(BATCH_ROWS[name]);
  await contender.write(batch);

  const memoryMb: number[] = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const underWay = new Set<Promise<void>>();
  const batches = Math.ceil(rowCount / batch.length);
  for (let index = 0; index < batches; index++) {
    const write = contender.write(batch).finally(() => underWay.delete(write));
    underWay.add(write);
    if (underWay.size >= WINDOW) await Promise.race(underWay);
    if ((index + 1) % Math.ceil(batches / 10) === 0) memoryMb.push(megabytes(process.memoryUsage.rss()));
  }
  await Promise.all(underWay);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await contender.close();

  const rows = batches * batch.length;
  const measurement: Measurement = {
    rows,
    seconds,
    cpuMicros: (user + system) / rows,
    // In kilobytes.
    peakMb: megabytes(process.resourceUsage().maxRSS * 1024),
    memoryMb,
  };
  process.send?.(measurement);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

const [name, tenantId, rows] = process.argv.slice(2);
main(name as ContenderName, tenantId ?? "", Number(rows)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
