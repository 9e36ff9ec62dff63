import { existsSync } from "node:fs";
import { AllowanceFile, MAX_ALLOWANCE_DAYS } from "../../evolution/allowances/allowance-format";
import { type Allowance, latestExpiry } from "../../evolution/allowances/judge";
import { ConfigFiles } from "../../model/config-files";
import { ConfigError } from "../../model/errors";
import { parseJsonDocument } from "../../model/json-document";
import { formatPath, type Problem, show } from "../../model/problems";
import { checkShape } from "../../model/zod-problems";

/**
 * Reads `allowances/*.json` of a configuration folder; a folder that is missing has none.
 *
 * @param today - the day in UTC, `2026-01-31`.
 * @throws {@link ConfigError} with every problem, an expiry date too far ahead among them.
 */
export function readAllowances(configDir: string, today: string): readonly Allowance[] {
  if (!existsSync(configDir)) return [];
  const allowances: Allowance[] = [];
  const problems: Problem[] = [];
  for (const { file, text } of new ConfigFiles(configDir).in("allowances")) {
    const parsed = parseJsonDocument(file, text);
    if ("problems" in parsed) {
      problems.push(...parsed.problems);
      continue;
    }
    const { document } = parsed;
    const shape = checkShape(AllowanceFile, document.value);
    if ("findings" in shape) {
      for (const { path, received, ...rest } of shape.findings) {
        problems.push({
          file,
          line: document.lineOf(path),
          path: formatPath(path),
          ...rest,
          ...(received === undefined ? {} : { received: show(received) }),
        });
      }
      continue;
    }
    const { $schema: _, ...allowance } = shape.data;
    const latest = latestExpiry(today);
    if (allowance.expires > latest) {
      problems.push({
        file,
        line: document.lineOf(["expires"]),
        path: "expires",
        message: "The allowance would hold for too long",
        received: show(allowance.expires),
        allowed: `at most ${MAX_ALLOWANCE_DAYS} days ahead: ${latest}`,
        remedy: "Let it expire soon after the deployment it is for",
      });
    }
    allowances.push({ ...allowance, file });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return allowances;
}
