import { existsSync } from "node:fs";
import path from "node:path";
import { judge, type Judgement } from "../../evolution/allowances/judge";
import { compareAccess } from "../../evolution/configuration/compare-access";
import { compareConfigurations } from "../../evolution/configuration/compare-configurations";
import { compareBroken, compareForgotten } from "../../evolution/configuration/compare-earlier";
import { reachedTenants } from "../../evolution/configuration/deployments";
import type { MetadataConfig } from "../../model/load-config";
import { type CliContext, today } from "../context";
import { accessInWords } from "../report/findings/access-in-words";
import type { EarlierConfigs } from "./earlier-configs";
import { readAllowances } from "./read-allowances";

/** What a change of the configuration does, and which of it the allowances in the folder let pass. */
export interface JudgedConfiguration extends Judgement {
  /** Who may do what that they could not before, and no longer, in words. */
  readonly access: readonly string[];
}

export function judgeConfiguration(
  context: CliContext,
  { base: old, broken, deployed }: EarlierConfigs,
  now: MetadataConfig,
): JudgedConfiguration {
  const day = today(context);
  const allowances = readAllowances(context.configDir, day);
  const reached = reachedTenants(old, now);
  const findings = compareConfigurations(old, now).map((found) =>
    // A definition that no tenant has yet holds no rows to lose.
    found.environment === undefined && reached.length === 0 ? { ...found, needsAllowance: false } : found,
  );
  const isThere = (file: string) => existsSync(path.join(context.configDir, file));
  findings.push(...compareBroken(broken, isThere, [old, now]), ...compareForgotten(old, now, deployed));
  return { ...judge(findings, allowances, reached, day), access: accessInWords(compareAccess(old, now)) };
}
