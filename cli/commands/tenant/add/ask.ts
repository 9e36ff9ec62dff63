import { checkbox, input } from "@inquirer/prompts";
import { TenantId } from "../../../../model/formats/primitives";
import { DisplayName } from "../../../../model/formats/tenant";
import type { MetadataConfig } from "../../../../model/load-config";
import { checkShape } from "../../../../model/zod-problems";

/** Streams that the questions use; absent, those of the process. */
export type Terminal = NonNullable<Parameters<typeof input>[1]>;

interface Given {
  readonly tenantId: string | undefined;
  readonly displayName: string | undefined;
  readonly environments: readonly string[];
}

/** Asks for whichever of a new tenant's needed values was not given, and checks each answer at once. */
export async function askForTenant(
  given: Given,
  { tenants, environments }: Pick<MetadataConfig, "tenants" | "environments">,
  terminal?: Terminal,
): Promise<{ readonly tenantId: string; readonly displayName: string; readonly environments: readonly string[] }> {
  const known = new Set(tenants.map(({ tenantId }) => tenantId));
  const tenantId =
    given.tenantId ??
    (await input(
      {
        message: "Tenant id, part of every name, never to change:",
        required: true,
        validate: (id) => (known.has(id) ? `The tenant ${id} exists already.` : verdict(TenantId, id)),
      },
      terminal,
    ));
  const displayName =
    given.displayName ??
    (await input(
      { message: "Name for people:", required: true, validate: (name) => verdict(DisplayName, name) },
      terminal,
    ));
  if (given.environments.length > 0) return { tenantId, displayName, environments: given.environments };
  return {
    tenantId,
    displayName,
    environments: await checkbox(
      {
        message: "Environments in which the tenant exists:",
        required: true,
        choices: environments.map(({ name, projectId, location }) => ({
          name: `${name} (${projectId}, ${location})`,
          short: name,
          value: name,
        })),
      },
      terminal,
    ),
  };
}

/** `true`, or what is wrong, as the prompts want it. */
function verdict(format: typeof TenantId, value: string): true | string {
  const result = checkShape(format, value);
  if ("data" in result) return true;
  const [finding] = result.findings;
  return `Allowed: ${finding?.allowed ?? finding?.message ?? ""}`;
}
