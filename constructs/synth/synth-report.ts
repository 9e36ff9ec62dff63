import { statSync } from "node:fs";
import path from "node:path";
import type { App } from "cdktf";
import Table from "cli-table3";
import type { TenantMetadataStack } from "../tenant-metadata-stack";

/** What a synth made, told as a table for the terminal: one row per stack. */
export class SynthReport {
  private readonly table = new Table({
    head: ["stack", "tenants", "datasets", "tables", "grants", "size", "where"],
    colAligns: ["left", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [] },
  });

  /** Adds a stack whose file has been written. */
  add(app: App, tenants: number, stack: TenantMetadataStack): void {
    const count = (type: string) => stack.resourceCounts.get(type) ?? 0;
    const file = path.join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath);
    this.table.push([
      stack.node.id,
      tenants,
      count("google_bigquery_dataset"),
      count("google_bigquery_table"),
      count("google_bigquery_table_iam_member"),
      formatBytes(statSync(file).size),
      path.relative(process.cwd(), file),
    ]);
  }

  toString(): string {
    return `${this.table.toString()}\n`;
  }
}

/** `1536` gives `1.5 KiB`. */
function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = bytes === 0 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
