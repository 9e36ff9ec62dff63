import { type Finding, finding } from "../catalogue/finding";
import { isRecord } from "./planned-change";

/** The finding for an action that the plan invokes, now or later. */
export function invoked(entry: unknown, place: string): Finding {
  const inner = isRecord(entry) && isRecord(entry["action_invocation"]) ? entry["action_invocation"] : entry;
  const address = isRecord(inner) && typeof inner["address"] === "string" ? inner["address"] : place;
  return command(address, "an action");
}

/**
 * Findings for the provisioners of a configured resource, or of everything in a called module.
 *
 * @param prefix - of addresses: `module.store.`; empty for the root module.
 */
export function commandsOf(configured: unknown, prefix: string): readonly Finding[] {
  if (!isRecord(configured)) return [];
  const { address, provisioners, module } = configured;
  const own = list(provisioners).map((one) =>
    command(prefix + nameOf(address), `a ${nameOf(isRecord(one) ? one["type"] : undefined)} provisioner`),
  );
  const { resources, module_calls: calls } = isRecord(module) ? module : {};
  return [
    ...own,
    ...list(resources).flatMap((resource) => commandsOf(resource, prefix)),
    ...(isRecord(calls) ? Object.entries(calls) : []).flatMap(([name, call]) =>
      commandsOf(call, `${prefix}module.${name}.`),
    ),
  ];
}

function command(address: string, what: string): Finding {
  return { ...finding("command-run", { table: "*", path: "" }, { what }), tenant: "*", address };
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "unnamed";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
