import type { BrokenFile, MetadataConfig } from "../../model/load-config";
import { own } from "../../model/own";
import { compare } from "../../model/problems";
import { type Finding, finding } from "../catalogue/finding";

const FILE = /^(?<folder>.*)\/(?<id>[^/]*)\.json$/;

/**
 * Says of every file that could not be read before that what it held could not be judged, or only in part. One that is valid
 * now needs no allowance, for the change is what makes it so; one that is gone needs one in each environment that it may concern.
 *
 * @param isThere - whether a file of the configuration is there now.
 * @param sides - the configuration before and now.
 */
export function compareBroken(
  broken: readonly BrokenFile[],
  isThere: (file: string) => boolean,
  sides: readonly MetadataConfig[],
): readonly Finding[] {
  const named = broken.map(({ file }) => ({ file, ...FILE.exec(file)?.groups }) as { folder?: string; id?: string });
  const environments = new Set([
    ...sides.flatMap((side) => side.environments.map(({ name }) => name)),
    ...named.flatMap(({ folder, id }) => (folder === "environments" && id !== undefined ? [id] : [])),
  ]);
  return broken.flatMap(({ file, problem, isRead }, index): Finding[] => {
    const isGone = !isThere(file);
    const words = { file, problem: `${problem.path} ${problem.message}`.trim(), isRead, isGone };
    const found = finding("base-unreadable", { table: "*", path: file }, words);
    if (!isGone) return [{ ...found, needsAllowance: false }];
    const { folder, id } = named[index] ?? {};
    const concerned = folder === "environments" || folder === "deployed" ? [id ?? ""] : [...environments].sort(compare);
    const isTenant = folder === "tenants" || folder === "offboarding";
    return concerned.map((environment) => ({
      ...found,
      environment,
      ...(isTenant && id !== undefined ? { tenant: id } : {}),
    }));
  });
}

/**
 * Finds the records that go although nothing says that Terraform has forgotten the tenant: with the record goes the `removed`
 * block, and what Terraform still manages is destroyed.
 *
 * @param deployed - the configuration last deployed, by environment.
 */
export function compareForgotten(
  old: MetadataConfig,
  now: MetadataConfig,
  deployed: ReadonlyMap<string, MetadataConfig>,
): readonly Finding[] {
  return old.offboarded.flatMap(({ tenantId, environments }) =>
    Object.entries(environments).flatMap(([environment, { step }]) => {
      const isKept = old.environments.some(({ name, endpoint }) => name === environment && endpoint === undefined);
      if (step !== "forget" || !isKept || standingOf(now, tenantId, environment) !== "absent") return [];
      const live = deployed.get(environment);
      const isKnown = live?.environments.some(({ name }) => name === environment) === true;
      const standing = live === undefined || !isKnown ? "unknown" : standingOf(live, tenantId, environment);
      if (standing !== "managed" && standing !== "unprotect" && standing !== "unknown") return [];
      const place = { table: "*", path: `offboarding/${tenantId}.json` };
      return [{ ...finding("forget-undeployed", place, { environment, standing }), environment, tenant: tenantId }];
    }),
  );
}

function standingOf({ tenants, offboarded }: MetadataConfig, tenantId: string, environment: string) {
  const tenant = tenants.find((other) => other.tenantId === tenantId);
  if (tenant !== undefined && Object.hasOwn(tenant.environments, environment)) return "managed";
  const record = offboarded.find((other) => other.tenantId === tenantId);
  return (record === undefined ? undefined : own(record.environments, environment)?.step) ?? "absent";
}
