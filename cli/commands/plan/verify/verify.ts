import { emulatorAddress } from "../../../../bigquery/emulator-address";
import { openWarehouse } from "../../../../bigquery/warehouse";
import { type UpdatedTable, updatedTable } from "../../../../evolution/plan/updated-table";
import { defined } from "../../../../model/defined";
import type { CliContext } from "../../../context";
import { EXIT } from "../../../../model/exit-codes";
import { nounOf } from "../../../report/nouns";
import { plainText } from "../../../report/plain-text";
import { readPlanFile } from "../read-plan-file";

/** Tables read at a time. */
const CONCURRENCY = 8;

/**
 * Compares the live columns of every table that plans update with what the plans knew, right before they are applied.
 *
 * The provider decides at apply which columns to drop: every live one that the configuration lacks, also one that was added
 * after the plan was made, approved or refreshed. What is added between this reading and the apply is still dropped.
 *
 * @throws RemoteError when a table cannot be read: what is not known does not pass.
 */
export async function verifyPlans(context: CliContext, files: readonly string[]): Promise<void> {
  const tables: UpdatedTable[] = [];
  for (const file of files) {
    await readPlanFile(context, file, (change) => {
      const table = updatedTable(change);
      if (table !== undefined) tables.push(table);
    });
  }
  const endpoint = emulatorAddress(process.env)?.restUrl;
  const problems: string[] = [];
  const waiting = [...tables];
  const work = async () => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) {
      problems.push(...(await compareWithLive(table, endpoint)));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  for (const problem of problems.sort()) context.print(`${plainText(problem)}\n`);
  context.print(
    `Compared ${nounOf(tables.length, "table")} with what the plan knew: ${nounOf(problems.length, "difference")}.\n`,
  );
  if (problems.length > 0) context.exitWith(EXIT.found);
}

async function compareWithLive(table: UpdatedTable, endpoint: string | undefined): Promise<readonly string[]> {
  const { address, projectId, datasetId, tableId, known } = table;
  const live = await openWarehouse(defined({ projectId, endpoint })).table({ projectId, datasetId }, tableId);
  if (live === undefined) {
    return [
      `${address}: the plan updates the table, but it is gone. fix: bring it back (time travel), then plan again.`,
    ];
  }
  const extra = live.schema.fields.map(({ name }) => name).filter((name) => !known.has(name));
  return extra.map(
    (name) =>
      `${address}: column ${name} was added after the plan was made; applying the plan would drop it with its data. fix: plan again, and judge the new plan.`,
  );
}
