import type { Deployed } from "../../model/formats/deployed";
import { own } from "../../model/own";
import type { Environment } from "../../model/formats/environment";
import { type Finding, finding } from "../catalogue/finding";

/** What comparing an environment needs besides its two sides. */
interface Surroundings {
  /** Tables that are defined on both sides: another one's generation replaces nothing. */
  readonly tables: ReadonlySet<string>;
  /** What was recorded as deployed before the change. */
  readonly deployed: Deployed | undefined;
}

/**
 * Compares what an environment says for itself: state, service, generations, trust. What its tenants make of its other keys
 * is compared with each of them.
 */
export function* compareEnvironment(
  was: Environment | undefined,
  is: Environment | undefined,
  { tables, deployed }: Surroundings,
): Generator<Finding> {
  if (is === undefined) yield finding("environment-removed", at(""));
  else if (was === undefined) yield finding("environment-added", at(""), is);
  if (was === undefined || is === undefined) {
    // A record without its environment: the name was used before.
    if (is !== undefined && deployed !== undefined) yield* compareGenerations(deployed.recreate, is, tables);
    return;
  }
  const states = [stateOf(was), stateOf(is)] as const;
  if (states[0] !== states[1]) yield finding("state-moved", at("backend"), { from: states[0], to: states[1] });
  if (was.endpoint !== is.endpoint) {
    yield finding("endpoint-changed", at("endpoint"), { from: serviceOf(was), to: serviceOf(is) });
  }
  if (is.declareConstraints && !was.declareConstraints) yield finding("constraints-trusted", at("declareConstraints"));
  yield* compareDomains(was.memberDomains, is.memberDomains);
  yield* compareGenerations(was.recreate, is, tables);
}

/** Compares a record of what was deployed with the one before: it may follow the environment as it was, nothing else. */
export function* compareRecord(
  was: Deployed | undefined,
  is: Deployed | undefined,
  environment: Environment | undefined,
): Generator<Finding> {
  if (is === undefined) {
    if (was !== undefined && environment !== undefined) {
      yield finding("deployed-record-changed", at("deployed"), { attribute: "everything" });
    }
    return;
  }
  if (is.shards !== was?.shards && is.shards !== environment?.shards) {
    yield finding("deployed-record-changed", at("deployed.shards"), { attribute: "shards" });
  }
  for (const table of new Set([...Object.keys(was?.recreate ?? {}), ...Object.keys(is.recreate)])) {
    const generation = own(is.recreate, table) ?? 1;
    if (
      generation === (own(was?.recreate ?? {}, table) ?? 1) ||
      generation === (own(environment?.recreate ?? {}, table) ?? 1)
    )
      continue;
    yield finding("deployed-record-changed", at(`deployed.recreate.${table}`), {
      attribute: `the generation of ${table}`,
    });
  }
}

/** A generation that is left out is 1: leaving it out replaces the table too. */
function* compareGenerations(
  before: Environment["recreate"],
  { name, recreate }: Environment,
  tables: ReadonlySet<string>,
): Generator<Finding> {
  for (const table of new Set([...Object.keys(before), ...Object.keys(recreate)])) {
    const [previous, generation] = [own(before, table) ?? 1, own(recreate, table) ?? 1];
    if (generation === previous || !tables.has(table)) continue;
    yield finding(
      "table-generation-raised",
      { table, path: `recreate.${table}` },
      {
        what: `the table of every tenant of ${name} with all its rows`,
        comesBack: true,
        because: `generation ${generation} after ${previous}`,
        protection: "Where deletion protection is on, the provider refuses it at apply.",
      },
    );
  }
}

function* compareDomains(was: Environment["memberDomains"], is: Environment["memberDomains"]): Generator<Finding> {
  if (was === undefined) return;
  const added = is === undefined ? ["members of any domain"] : is.filter((domain) => !was.includes(domain));
  if (added.length > 0) yield finding("member-domains-widened", at("memberDomains"), { domains: added.join(", ") });
}

function stateOf({ backend }: Environment): string {
  return backend.type === "local"
    ? "local files"
    : `gs://${[backend.bucket, backend.prefix].filter(Boolean).join("/")}`;
}

function serviceOf({ endpoint }: Environment): string {
  return endpoint ?? "BigQuery";
}

function at(path: string) {
  return { table: "*", path };
}
