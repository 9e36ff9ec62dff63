import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UsageError } from "../../../model/errors";
import type { CliContext } from "../../context";
import { generatedFiles } from "./generated-files";

/**
 * Writes the generated files that are out of date.
 *
 * @throws {@link UsageError} naming them instead, when `check` is set and there are any.
 */
export function generate({ configDir, print }: CliContext, { check }: { readonly check: boolean }): void {
  const stale = [...generatedFiles(configDir)].filter(([file, text]) => readIfThere(file) !== text);
  if (check && stale.length > 0) {
    throw new UsageError(
      `Out of date: ${stale.map(([file]) => file).join(", ")}. Run \`npm run generate\` and commit the result.`,
    );
  }
  for (const [file, text] of stale) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    print(`wrote ${file}\n`);
  }
  if (stale.length === 0) print("All generated files are up to date.\n");
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
