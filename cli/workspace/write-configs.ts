import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ConfigChanges } from "../../model/config-files";

/**
 * Writes and deletes configuration files, in the order given.
 *
 * Each file is replaced as a whole: a reader, or a run that is interrupted, never sees half of one.
 */
export function writeConfigs(configDir: string, changes: ConfigChanges): void {
  for (const [name, text] of changes) {
    const file = path.join(configDir, name);
    if (text === undefined) {
      rmSync(file, { force: true });
      continue;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    // The loader skips dot files.
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.tmp`);
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  }
}
