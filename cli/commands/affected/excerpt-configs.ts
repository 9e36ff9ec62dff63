import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ConfigChanges } from "../../../model/config-files";

/** Folders of a configuration that every stack depends on. */
const SHARED = ["metadata/schemas", "environments", "deployed"];

/**
 * Writes as much of a configuration as some stacks need: everything but the tenants, and of these only the ones given.
 *
 * Reading ten thousand tenants would cost more than to synthesize the stack of one.
 *
 * @param changes - what differs from the files on disk.
 * @param tenantFiles - files of tenants and of their records, e.g. `tenants/acme.json`.
 */
export function excerptConfigs(
  configDir: string,
  changes: ConfigChanges,
  tenantFiles: Iterable<string>,
  target: string,
): void {
  const shared = SHARED.flatMap((folder) => {
    const onDisk = path.join(configDir, folder);
    return existsSync(onDisk) ? readdirSync(onDisk).map((name) => `${folder}/${name}`) : [];
  });
  const changed = [...changes.keys()].filter((file) => SHARED.includes(path.posix.dirname(file)));
  for (const file of new Set([...shared, ...changed, ...tenantFiles])) {
    const text = changes.get(file);
    if (changes.has(file) ? text === undefined : !existsSync(path.join(configDir, file))) continue;
    mkdirSync(path.join(target, path.dirname(file)), { recursive: true });
    if (text === undefined) cpSync(path.join(configDir, file), path.join(target, file));
    else writeFileSync(path.join(target, file), text);
  }
}
