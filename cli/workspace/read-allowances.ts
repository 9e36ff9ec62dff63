import { existsSync } from "node:fs";
import { AllowanceFile, MAX_ALLOWANCE_DAYS } from "../../evolution/allowances/allowance-format";
import { type Allowance, latestExpiry } from "../../evolution/allowances/judge";
import { ConfigFiles } from "../../model/config-files";
import { ConfigError } from "../../model/errors";
import type { Problem } from "../../model/problems";
import { readFiles, toProblems } from "../../model/read-files";
import type { RuleFinding } from "../../model/rules/finding";

/**
 * Reads `allowances/*.json` of a configuration folder; a folder that is missing has none.
 *
 * @param day - the day in UTC, `2026-01-31`.
 * @throws {@link ConfigError} with every problem, an expiry date too far ahead among them.
 */
export function readAllowances(configDir: string, day: string): readonly Allowance[] {
  if (!existsSync(configDir)) return [];
  const problems: Problem[] = [];
  const loaded = readFiles(
    new ConfigFiles(configDir).in("allowances"),
    { body: AllowanceFile, normalise: (_, { $schema: __, ...body }, file): Allowance => ({ ...body, file }) },
    problems,
  );
  for (const { value, document } of loaded) problems.push(...toProblems(document, expiryRule(value, day)));
  if (problems.length > 0) throw new ConfigError(problems);
  return loaded.map(({ value }) => value);
}

function* expiryRule({ expires }: Allowance, day: string): Generator<RuleFinding> {
  const latest = latestExpiry(day);
  if (expires <= latest) return;
  yield {
    path: ["expires"],
    message: "The allowance is valid for too long",
    received: expires,
    allowed: `at most ${MAX_ALLOWANCE_DAYS} days ahead: ${latest}`,
    remedy: "Let it expire soon after the deployment it is for",
  };
}
