import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { createInterface } from "node:readline";
import { newTenantContext, select } from "./support/contexts";

const WRITER = path.join(__dirname, "support", "writer-process.ts");

/** Lets another process write until it has acknowledged some rows, then sends it a signal. */
async function writeAndSignal(
  tenantId: string,
  signal: NodeJS.Signals,
  {
    closesOnSignals,
    afterRows = 1000,
    delayMs = 0,
  }: { closesOnSignals: boolean; afterRows?: number; delayMs?: number },
) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", WRITER, tenantId, ...(closesOnSignals ? ["closes-on-signals"] : [])],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  let isTold = false;
  for await (const line of createInterface(child.stdout)) {
    const [what, id = ""] = line.split(" ");
    if (what === "sent") sent.add(id);
    else if (what === "acknowledged") acknowledged.add(id);
    else if (what === "refused") refused.add(id);
    // Once: a second signal ends a process that is still closing its logger.
    if (acknowledged.size >= afterRows && !isTold) {
      isTold = true;
      setTimeout(() => child.kill(signal), delayMs);
    }
  }
  return { sent, acknowledged, refused, endedBy: await endOf(child) };
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  if (child.signalCode === null && child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  return child.signalCode ?? child.exitCode;
}

async function compare(tenantId: string, sent: ReadonlySet<string>, acknowledged: ReadonlySet<string>) {
  const { context } = newTenantContext({ tenantId });
  const rows = await select(
    context,
    "SELECT step_logging_id AS id, COUNT(*) AS times FROM `{dataset}.step_logs` GROUP BY id",
  );
  const found = new Set(rows.map(({ id }) => id ?? ""));
  return {
    sent: sent.size,
    acknowledged: acknowledged.size,
    found: found.size,
    lost: [...acknowledged].filter((id) => !found.has(id)).length,
    doubled: rows.filter(({ times }) => times !== "1").length,
    unsent: [...found].filter((id) => !sent.has(id)).length,
  };
}

function print(name: string, figures: Awaited<ReturnType<typeof compare>>): void {
  const { sent, acknowledged, found, lost, doubled } = figures;
  process.stdout.write(
    `${name}: ${sent} rows sent, ${acknowledged} acknowledged, ${found} found, ${lost} lost, ${doubled} doubled\n`,
  );
}

// At different moments of an append.
test.each([
  { afterRows: 200, delayMs: 0 },
  { afterRows: 500, delayMs: 3 },
  { afterRows: 1000, delayMs: 9 },
])(
  "a writer killed with SIGKILL $delayMs ms after $afterRows rows leaves every acknowledged row in the table, once",
  async (moment) => {
    const tenantId = `t${randomUUID().replaceAll("-", "")}`;
    const { sent, acknowledged, endedBy } = await writeAndSignal(tenantId, "SIGKILL", {
      closesOnSignals: false,
      ...moment,
    });
    expect(endedBy).toBe("SIGKILL");
    const figures = await compare(tenantId, sent, acknowledged);
    print("writer killed with SIGKILL", figures);
    expect(figures).toMatchObject({ lost: 0, doubled: 0, unsent: 0 });
    expect(figures.acknowledged).toBeGreaterThanOrEqual(moment.afterRows);
  },
);

test("a writer told to end with SIGTERM delivers everything it was handed, then ends by the signal", async () => {
  const tenantId = `t${randomUUID().replaceAll("-", "")}`;
  const { sent, acknowledged, refused, endedBy } = await writeAndSignal(tenantId, "SIGTERM", { closesOnSignals: true });
  expect(endedBy).toBe("SIGTERM");
  const figures = await compare(tenantId, sent, acknowledged);
  print("writer ended with SIGTERM", figures);
  expect(figures).toMatchObject({ lost: 0, doubled: 0, unsent: 0 });
  // Whatever the logger took before it was closed is in the table, also what it had not acknowledged yet.
  expect(figures.found).toBe(sent.size - refused.size);
});
