import { defined } from "../../../model/defined";
import { compare } from "../../../model/problems";
import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { type DescribedChange, describeChange, OUTCOMES, type Outcome, type ResourceKind } from "./describe-change";
import { locationOf } from "../../../evolution/plan/resource-location";
import { actionOf, type PlannedChange } from "../../../evolution/plan/planned-change";

/** Tenants of an environment to which the same happens. */
export interface TenantGroup {
  readonly environment: string;
  /** In order; empty for what belongs to the stack and no tenant. */
  readonly tenants: readonly string[];
  /** What happens to each of them. */
  readonly changes: readonly DescribedChange[];
}

/** How many of a kind of resource meet an outcome. */
export interface Count {
  readonly outcome: Outcome;
  readonly kind: ResourceKind;
  readonly count: number;
}

/** What plans do, by environment. */
export interface PlanOverview {
  /** Every environment that a plan is about, those without changes too. */
  readonly environments: readonly { readonly name: string; readonly counts: readonly Count[] }[];
  /** In order of environment, then of the worst that happens. */
  readonly groups: readonly TenantGroup[];
}

const KINDS: readonly ResourceKind[] = ["dataset", "table", "grant", "other"];

/** Collects planned changes, plan after plan, and groups tenants to which the same happens. */
export class PlanOverviewBuilder {
  /** By environment, then by tenant; the empty tenant holds what belongs to the stack. */
  private readonly environments = new Map<string, Map<string, DescribedChange[]>>();
  private readonly interned = new Map<string, DescribedChange>();
  private pending: { readonly environment?: string; readonly tenant: string; readonly change: DescribedChange }[] = [];
  private environment: string | undefined;

  /**
   * @param findings - what the check says of this change.
   * @param fallback - environment of a plan whose resources do not say theirs.
   */
  add(planned: PlannedChange, findings: readonly JudgedFinding[], fallback?: string): void {
    const place = locationOf(planned, fallback);
    this.environment ??= place.environment;
    const change = describeChange(planned, actionOf(planned), findings);
    if (change === undefined) return;
    const tenant = change.kind === "other" ? "" : (place.tenant ?? "");
    this.pending.push(defined({ environment: place.environment, tenant, change: this.intern(change) }));
  }

  /** Ends a plan: what has no environment of its own, as grants have none, is in that of the plan's other resources. */
  endPlan(name: string): void {
    const own = this.environment ?? name;
    this.environmentOf(own);
    for (const { environment = own, tenant, change } of this.pending) {
      const tenants = this.environmentOf(environment);
      const changes = tenants.get(tenant);
      if (changes === undefined) tenants.set(tenant, [change]);
      else changes.push(change);
    }
    this.pending = [];
    this.environment = undefined;
  }

  build(): PlanOverview {
    const names = [...this.environments.keys()].sort(compare);
    return {
      environments: names.map((name) => ({ name, counts: countsOf([...this.environmentOf(name).values()].flat()) })),
      groups: names.flatMap((name) => groupsOf(name, this.environmentOf(name))),
    };
  }

  private environmentOf(name: string): Map<string, DescribedChange[]> {
    const existing = this.environments.get(name) ?? new Map<string, DescribedChange[]>();
    this.environments.set(name, existing);
    return existing;
  }

  /** A thousand tenants mostly share a change, which is then held once. */
  private intern(change: DescribedChange): DescribedChange {
    const key = JSON.stringify(change);
    const existing = this.interned.get(key);
    if (existing !== undefined) return existing;
    this.interned.set(key, change);
    return change;
  }
}

function groupsOf(environment: string, tenants: ReadonlyMap<string, readonly DescribedChange[]>): TenantGroup[] {
  const groups = new Map<string, { tenants: string[]; changes: readonly DescribedChange[] }>();
  for (const [tenant, unsorted] of [...tenants].sort(([a], [b]) => compare(a, b))) {
    const changes = [...unsorted].sort(byKind);
    const key = `${tenant === ""} ${JSON.stringify(changes)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { tenants: tenant === "" ? [] : [tenant], changes });
    else group.tenants.push(tenant);
  }
  return [...groups.values()]
    .map((group) => ({ environment, ...group }))
    .sort((a, b) => worst(a.changes) - worst(b.changes) || b.tenants.length - a.tenants.length);
}

function byKind(a: DescribedChange, b: DescribedChange): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    compare(a.table, b.table) ||
    compare(a.grant?.member ?? "", b.grant?.member ?? "") ||
    compare(a.grant?.verb ?? "", b.grant?.verb ?? "") ||
    compare(a.outcome, b.outcome)
  );
}

function worst(changes: readonly DescribedChange[]): number {
  return Math.min(...changes.map(({ outcome }) => OUTCOMES.indexOf(outcome)));
}

/** Counts by outcome and kind, worst first. */
export function countsOf(changes: readonly DescribedChange[], times = 1): readonly Count[] {
  const counts = new Map<string, number>();
  for (const { outcome, kind } of changes) {
    const key = `${outcome}/${kind}`;
    counts.set(key, (counts.get(key) ?? 0) + times);
  }
  return OUTCOMES.flatMap((outcome) =>
    KINDS.flatMap((kind) => {
      const count = counts.get(`${outcome}/${kind}`);
      return count === undefined ? [] : [{ outcome, kind, count }];
    }),
  );
}
