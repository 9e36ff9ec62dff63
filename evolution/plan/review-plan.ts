import type { GrantChange } from "../access/grant";
import { judgeGrant } from "../access/judge-grant";
import { type AccessPolicy, KEYS_BY_NAME } from "../access/policy";
import { grantInWords } from "../access/words";
import { codeInfo } from "../catalogue/codes";
import { type Finding, finding } from "../catalogue/finding";
import { checkAccess, type PlannedGrant } from "./check-access";
import type { UnknownValue } from "./check-attributes";
import { checkReplacedGrants } from "./check-created";
import { checkResource } from "./check-resource";
import { blockAddress, type Configured, isExplained } from "./configured";
import { type Drift, driftOf, inLightOf } from "./drift";
import { addToCounts, noCounts, type PlanCounts } from "./plan-counts";
import { locationOf, type ResourceLocation } from "./resource-location";
import { type Action, actionOf, type PlannedChange } from "./planned-change";
import { isRead, overlap, rangeOf } from "./provider-version";

/** What the check knows about a plan. */
export interface PlanContext {
  /** Environment that the plan is for; else the label `environment` of each resource, else that of the plan's others. */
  readonly environment?: string;
  /**
   * Who should have access, from the configuration.
   * @default nobody is a key admin, `api_keys` and its versions are key tables, and no domain is named
   */
  readonly policy?: AccessPolicy;
}

/** What a plan does, judged. */
export interface ReviewedPlan {
  readonly findings: readonly Finding[];
  /** Every permission that is given or taken; those marked sensitive hold no names. */
  readonly grants: readonly GrantChange[];
  /** What was looked at. */
  readonly counts: PlanCounts;
}

interface PendingGrant {
  readonly change: PlannedGrant;
  readonly place: ResourceLocation;
  readonly tableKey: string;
}

interface PendingValue extends UnknownValue {
  readonly isNew: boolean;
}

/**
 * Judges a plan part by part, in whatever order they come; what concerns several parts is settled at the end.
 *
 * Memory grows with what changes, not with the plan.
 */
export class PlanReview {
  private readonly found: Finding[] = [];
  private readonly grants: PendingGrant[] = [];
  private readonly unknown = new Map<string, PendingValue[]>();
  private readonly drift = new Map<string, Drift>();
  private readonly roots = new Map<string, { readonly place: ResourceLocation; readonly names: readonly string[] }>();
  private readonly newTables = new Set<string>();
  /** Findings that speak of what is there already, by what it is. */
  private readonly onExisting: { readonly found: Finding; readonly tableKey: string }[] = [];
  private readonly opened: PendingGrant[] = [];
  private readonly counts = noCounts();
  private readonly constraints = new Set<string>();
  private environment: string | undefined;

  constructor(private readonly context: PlanContext = {}) {}

  /** Judges a change by itself and gives what that says; the rest comes with {@link finish}. */
  add(planned: PlannedChange): readonly Finding[] {
    const { action, findings, unknown, roots } = checkResource(planned);
    const place = locationOf(planned, this.context.environment);
    this.environment ??= place.environment;
    const placed = findings.map((found) => this.asConfigured({ ...found, ...place }, action));
    for (const one of placed) this.found.push(one);
    addToCounts(this.counts, planned.type, action, placed);
    this.addUnknown(planned, action, place, unknown);
    if (roots.length > 0 && action !== "create") this.roots.set(planned.address, { place, names: roots });
    const tableKey = keyOf(planned);
    if (planned.type === "google_bigquery_table" && action === "create") this.newTables.add(tableKey);
    for (const found of checkReplacedGrants(planned, action, place.table)) {
      this.onExisting.push({ found: { ...found, ...place }, tableKey });
    }
    for (const change of checkAccess(planned, action)) this.grants.push({ change, place, tableKey });
    return placed;
  }

  /** Notes what happened to a resource outside Terraform. */
  addDrift(drifted: PlannedChange): void {
    const drift = driftOf(drifted);
    if (drift !== undefined) this.drift.set(drifted.address, drift);
    const [place, tableKey] = [locationOf(drifted, this.context.environment), keyOf(drifted)];
    for (const change of checkAccess(drifted, actionOf(drifted))) {
      if (change.change !== "removed") this.opened.push({ change, place, tableKey });
    }
  }

  /** Drops what is unknown only because the configuration leaves it to the provider. */
  addConfigured(configured: Configured): void {
    const pending = this.unknown.get(configured.address);
    if (pending === undefined) return;
    this.unknown.set(
      configured.address,
      pending.filter(({ path, isNew }) => !isExplained(configured, path, isNew)),
    );
  }

  /** Notes which versions of the google provider the configuration asks for: `6.50.0`, `~> 7.30`. */
  addProviderVersion(constraint: string): void {
    this.constraints.add(constraint);
  }

  /** Notes what the reading of the plan itself found. */
  addFinding(found: Finding): void {
    this.found.push(found);
  }

  finish(): ReviewedPlan {
    const environment = this.context.environment ?? this.environment;
    const own = <T extends Finding>(found: T): T =>
      found.environment !== undefined || environment === undefined ? found : { ...found, environment };
    const versions = this.constraints.size === 0 ? [{}] : [...this.constraints].map(rangeOf);
    const grants = this.grants.map((pending) => settle(pending, this.newTables, environment));
    return {
      findings: [
        ...this.found.map((found) => inLightOf(found, this.drift.get(found.address ?? ""))),
        ...this.undone(),
        ...this.onExisting.flatMap(({ found, tableKey }) => (this.newTables.has(tableKey) ? [] : [found])),
        ...this.stillOpen(),
        ...[...this.unknown.values()].flat().map(({ finding: found }) => found),
        ...grants.flatMap((pending) => this.judge(pending)),
        ...this.unread(),
      ]
        .filter(({ code }) => versions.some((range) => overlap(range, codeInfo(code).providers ?? {})))
        .map(own),
      grants: grants.map(({ change }) => shown(change)),
      counts: {
        ...this.counts,
        grantsAdded: grants.filter(({ change }) => change.change === "added").length,
        grantsWidened: grants.filter(({ change }) => change.change === "widened").length,
        grantsRemoved: grants.filter(({ change }) => change.change === "removed").length,
      },
    };
  }

  /** What the environment's configuration says of new tables is announced; it was allowed when it was written there. */
  private asConfigured(found: Finding, action: Action): Finding {
    const environment = this.context.environment ?? found.environment;
    const isOwn =
      action === "create" &&
      found.code === "protection-lowered" &&
      found.path === "deletion_protection" &&
      this.context.policy?.isUnprotected?.(environment) === true;
    return isOwn ? { ...found, needsAllowance: false } : found;
  }

  private addUnknown(
    planned: PlannedChange,
    action: Action,
    place: ResourceLocation,
    unknown: readonly UnknownValue[],
  ): void {
    if (unknown.length === 0) return;
    const address = blockAddress(planned.address);
    const isNew = action !== "update";
    const pending = unknown.map(({ path, finding: found }) => ({ path, isNew, finding: { ...found, ...place } }));
    this.unknown.set(address, [...(this.unknown.get(address) ?? []), ...pending]);
  }

  /** What the plan sets back that was changed outside Terraform. */
  private undone(): readonly Finding[] {
    return [...this.drift].flatMap(([address, drift]) => {
      const { place, names } = this.roots.get(address) ?? { names: [] };
      if (place === undefined) return [];
      return names
        .filter((name) => drift.roots.has(name))
        .map((attribute) => ({
          ...finding("changed-outside-terraform", { table: place.table, path: attribute }, { attribute }),
          ...place,
        }));
    });
  }

  /** Access that was given outside Terraform and that the plan does not take back. */
  private stillOpen(): readonly Finding[] {
    const taken = new Set(
      this.grants.flatMap(({ change, place }) => (change.change === "removed" ? [grantKey(change, place)] : [])),
    );
    return this.opened
      .filter(({ change, place }) => !taken.has(grantKey(change, place)))
      .map(({ change, place }) => {
        const words = change.isSensitive ? "Access changed as a sensitive value says" : grantInWords(change.grant);
        const where = { table: place.table, path: change.path };
        return { ...finding("access-opened-outside-terraform", where, { words }), ...place };
      });
  }

  private judge({ change, place }: PendingGrant): readonly Finding[] {
    const policy = this.context.policy ?? KEYS_BY_NAME;
    const words = change.isSensitive ? "Access changes as a sensitive value says" : grantInWords(change.grant);
    return judgeGrant(change, policy).map((code) => {
      const where = { table: place.table, path: change.path };
      const found =
        code === "access-opened-to-everyone"
          ? finding(code, where, { member: change.isSensitive ? "(sensitive)" : change.grant.member })
          : finding(code, where, { words });
      return { ...found, ...place };
    });
  }

  private unread(): readonly Finding[] {
    return [...this.constraints]
      .filter((constraint) => !isRead(constraint))
      .map((constraint) => ({ ...finding("provider-unread", { table: "*", path: "" }, { constraint }), tenant: "*" }));
  }
}

function shown({ grant, change, onNewTable, isSensitive }: PlannedGrant): GrantChange {
  const { condition: _, ...rest } = grant;
  return { grant: isSensitive ? { ...rest, member: "(sensitive)", role: "(sensitive)" } : grant, change, onNewTable };
}

/** A grant of one resource, to find it again. */
function grantKey({ grant: { member, role, condition } }: PlannedGrant, { address }: ResourceLocation): string {
  return JSON.stringify([address, member, role, condition]);
}

/** A grant with what only the whole plan tells: its environment, and whether its table is new. */
function settle(pending: PendingGrant, newTables: ReadonlySet<string>, environment: string | undefined): PendingGrant {
  const { change, tableKey } = pending;
  const grant = environment === undefined ? change.grant : { environment, ...change.grant };
  return { ...pending, change: { ...change, grant, onNewTable: newTables.has(tableKey) } };
}

/** A table by project, dataset and id, as grants and tables name it. */
function keyOf({ change }: PlannedChange): string {
  const { project, dataset_id: dataset, table_id: table } = change.after ?? change.before ?? {};
  return JSON.stringify(
    [project, dataset, table].map((part) => (typeof part === "string" ? part.split("/").at(-1) : null)),
  );
}
