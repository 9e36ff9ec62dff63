import { createHash } from "node:crypto";
import type { RunFinish } from "../runs/run-update";

/** Where a tenant's tables are. */
export interface TenantDataset {
  readonly tenantId: string;
  readonly projectId: string;
  readonly datasetId: string;
}

/** One line of a spool file. */
export type SpoolRecord =
  /** A row that was handed back. */
  | (TenantDataset & {
      readonly kind: "row";
      readonly tableId: string;
      readonly outcome: "not-written" | "unknown";
      /** Streams over which it may have been written. */
      readonly streams: readonly string[];
      readonly row: Readonly<Record<string, unknown>>;
    })
  /** The end of a run that is not recorded. */
  | (TenantDataset & { readonly kind: "finish"; readonly finish: RunFinish })
  /** A replay is about to write rows of the file over this stream. */
  | { readonly kind: "stream"; readonly name: string }
  /** What the lines with these numbers hold is in its table. */
  | { readonly kind: "done"; readonly lines: readonly number[] };

/** Whole lines of a spool file. */
export interface SpoolLines {
  /** By line, from 0; `undefined` for one that cannot be read. */
  readonly records: readonly (SpoolRecord | undefined)[];
  /** Lines that cannot be read. */
  readonly damaged: number;
}

const CHECKSUM_LENGTH = 16;

/** `<checksum> <json>`, with the newline that ends it. */
export function formatLine(record: SpoolRecord): string {
  const json = JSON.stringify(record);
  return `${checksum(json)} ${json}\n`;
}

/** @param text - ends with a newline, where there is any. */
export function parseLines(text: string): SpoolLines {
  const records = text.split("\n").slice(0, -1).map(parseLine);
  return { records, damaged: records.filter((record) => record === undefined).length };
}

/** The record of a line without its newline; `undefined` for one that was cut or changed. */
export function parseLine(line: string): SpoolRecord | undefined {
  const json = line.slice(CHECKSUM_LENGTH + 1);
  if (line.slice(0, CHECKSUM_LENGTH + 1) !== `${checksum(json)} `) return undefined;
  return JSON.parse(json) as SpoolRecord;
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECKSUM_LENGTH);
}
