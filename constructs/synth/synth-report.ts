import { statSync } from "node:fs";
import path from "node:path";
import Table from "cli-table3";
import { formatBytes } from "../../model/format-bytes";
import type { SynthesizedStack } from "./synthesize-stacks";

/** What a synth made, as a table for the terminal: one row per stack. */
export function synthReport(stacks: readonly SynthesizedStack[]): string {
  const table = new Table({
    head: ["stack", "tenants", "datasets", "tables", "grants", "size", "where"],
    colAligns: ["left", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const { stackName, tenantCount, resourceCounts, file } of stacks) {
    const count = (type: string) => resourceCounts.get(type) ?? 0;
    table.push([
      stackName,
      tenantCount,
      count("google_bigquery_dataset"),
      count("google_bigquery_table"),
      count("google_bigquery_table_iam_member"),
      formatBytes(statSync(file).size),
      path.relative(process.cwd(), file),
    ]);
  }
  return `${table.toString()}\n`;
}
