import { type Command, InvalidArgumentError, Option } from "commander";
import { defined } from "../../model/defined";
import { UsageError } from "../../model/errors";
import type { AskOptions } from "./ask";

/** Flags of every command that puts a question. */
export interface AskFlags {
  readonly environment?: string;
  readonly tenant?: string;
  readonly allTenants?: true;
  readonly json?: true;
  readonly csv?: true;
  readonly maxBytes?: number;
}

/** Adds {@link AskFlags} to a command. */
export function withAskOptions(command: Command): Command {
  return command
    .option("--environment <name>", "environment whose tenants are asked")
    .addOption(new Option("--tenant <id>", "ask one tenant").conflicts("allTenants"))
    .option("--all-tenants", "ask every tenant of the environment; with a first column `tenant`")
    .addOption(new Option("--json", "print the rows as a JSON array").conflicts("csv"))
    .option("--csv", "print the rows as CSV, with a header")
    .option("--max-bytes <bytes>", "ask nothing when BigQuery would bill more than this", byteCount);
}

export function askOptions(flags: AskFlags, parameters: Readonly<Record<string, string>>): AskOptions {
  const { environment, tenant, allTenants, json, csv, maxBytes } = flags;
  if (environment === undefined) throw new UsageError("Name the environment to ask: --environment <name>.");
  return defined({
    environment,
    tenant,
    allTenants: allTenants === true,
    parameters,
    format: json === true ? "json" : csv === true ? "csv" : "table",
    maxBytes,
  });
}

function byteCount(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError("Write a number of bytes, for example 1000000000.");
  return Number(value);
}

/** Of every command that puts a question. */
export const ASK_EXIT_CODES = `
Exit codes:
  0  answered
  1  wrong usage, or the answer would cost more than --max-bytes
  3  BigQuery refused, or some of the tenants could not be read`;
