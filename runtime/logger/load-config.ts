import type { ConfigChanges } from "../../model/config-files";
import type { loadConfig as load, MetadataConfig } from "../../model/load-config";

/**
 * Reads and checks a whole configuration folder once. The loader itself is loaded with the first call: a pipeline that has a
 * tenant's file, or no configuration, needs none.
 *
 * @param root - the configuration folder, e.g. `configs`.
 * @param changes - changes to check before they are written; the files on disk are left alone.
 * @throws {@link ConfigError} with every problem of every file.
 *
 * @example
 * ```ts
 * import { loadConfig } from "tenant-metadata/runtime";
 *
 * const { tenants } = loadConfig("configs");
 * console.log(tenants.map(({ tenantId }) => tenantId));
 * ```
 */
export function loadConfig(root: string, changes?: ConfigChanges): MetadataConfig {
  return (require("../../model/load-config") as { loadConfig: typeof load }).loadConfig(root, changes);
}
