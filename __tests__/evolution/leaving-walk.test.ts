import fc from "fast-check";
import { blocking, judge } from "../../evolution/allowances/judge";
import type { FindingCode } from "../../evolution/catalogue/codes";
import { compareConfigurations } from "../../evolution/configuration/compare-configurations";
import { reachedTenants } from "../../evolution/configuration/deployments";
import type { Offboarding } from "../../model/formats/offboarding";
import type { MetadataConfig } from "../../model/load-config";
import { changeProblems } from "../../model/rules/change-rules";
import { environment, MINIMAL_TABLE } from "../support/resolved";
import { runs } from "../support/runs";

type Standing = "absent" | "managed" | Offboarding["environments"][string]["step"];
/** What an environment's state and service hold of a tenant. */
type Live = "nothing" | "protected" | "unprotected" | "kept" | "destroyed";

const ENVIRONMENTS = ["dev", "prod"] as const;
const TENANTS = ["acme", "globex", "hooli"] as const;
const PLACES = ENVIRONMENTS.flatMap((name) => TENANTS.map((tenant) => `${name}/${tenant}`));
const STANDINGS: readonly Standing[] = ["absent", "managed", "forget", "unprotect", "delete"];
const HERE_OR_GONE: ReadonlySet<Standing> = new Set(["absent", "managed"]);
const DAY = "2026-01-31";

type Standings = Readonly<Record<string, Standing>>;

function configOf(standings: Standings): MetadataConfig {
  const entries = (tenant: string, wanted: (standing: Standing) => boolean) =>
    ENVIRONMENTS.filter((name) => wanted(standings[`${name}/${tenant}`] ?? "absent"));
  return {
    definitions: [MINIMAL_TABLE],
    // One that protects its tables, and one that does not.
    environments: ENVIRONMENTS.map((name) =>
      environment({ name, projectId: `example-${name}`, deletionProtection: name === "prod" }),
    ),
    tenants: TENANTS.map((tenantId) => ({
      tenantId,
      displayName: tenantId,
      environments: Object.fromEntries(
        entries(tenantId, (standing) => standing === "managed").map((name) => [name, {}]),
      ),
    })),
    offboarded: TENANTS.map((tenantId) => ({
      tenantId,
      displayName: tenantId,
      environments: Object.fromEntries(
        entries(tenantId, (standing) => !HERE_OR_GONE.has(standing)).map((name) => [
          name,
          { step: standings[`${name}/${tenantId}`] as "forget", overrides: {} },
        ]),
      ),
    })),
    deployed: new Map(),
  };
}

/** What `tenant offboard` lets pass for a step, and for no other tenant or environment. */
const ALLOWED: Readonly<Partial<Record<Standing, FindingCode>>> = {
  unprotect: "protection-lowered",
  delete: "dataset-deleted",
};

/** A repository and what was deployed from it. */
class World {
  standings: Standings = Object.fromEntries(PLACES.map((place) => [place, "absent"]));
  readonly deployed = new Map<string, Standings>();
  readonly live = new Map<string, Live>(PLACES.map((place) => [place, "nothing"]));
  /** Places whose destruction an allowance named. */
  readonly named = new Set<string>();

  /** Merges a step when the checks let it; `false` when they do not. */
  merge(place: string, target: Standing): boolean {
    const next = { ...this.standings, [place]: target };
    const [old, now] = [configOf(this.standings), configOf(next)];
    const deployed = new Map([...this.deployed].map(([name, standings]) => [name, configOf(standings)]));
    if (changeProblems(old, now, deployed).length > 0) return false;
    const [name = "", tenant = ""] = place.split("/");
    const code = ALLOWED[target];
    const allowances =
      code === undefined
        ? []
        : [{ code, environment: name, tenant, table: "*", reason: "The tenant leaves", expires: DAY, file: "a.json" }];
    const judged = judge(compareConfigurations(old, now), allowances, reachedTenants(old, now), DAY);
    if (blocking(judged.findings).length > 0) return false;
    if (judged.used.some((allowance) => allowance.code === "dataset-deleted")) this.named.add(place);
    this.standings = next;
    return true;
  }

  /** Does what Terraform does. Fails when it would have to destroy what is protected. */
  deploy(name: string): void {
    for (const tenant of TENANTS) {
      const place = `${name}/${tenant}`;
      this.live.set(place, this.applied(place, name));
    }
    this.deployed.set(name, this.standings);
  }

  private applied(place: string, name: string): Live {
    const [standing, live] = [this.standings[place], this.live.get(place) ?? "nothing"];
    if (standing === "managed" && live !== "kept") return name === "prod" ? "protected" : "unprotected";
    if (standing === "unprotect" && live !== "kept") return "unprotected";
    if (live !== "protected" && live !== "unprotected") return live;
    if (standing === "forget") return "kept";
    if (live === "protected") throw new Error(`${place} is protected, and the deployment would have to destroy it.`);
    return "destroyed";
  }
}

const action = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...PLACES), fc.constantFrom(...STANDINGS)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ENVIRONMENTS), fc.constant("deploy" as const)) },
);

function walk(actions: readonly (readonly [string, Standing | "deploy"])[]): World {
  const world = new World();
  // Where an environment was never deployed there is no tag, and the base is taken for deployed.
  for (const name of ENVIRONMENTS) world.deploy(name);
  for (const [where, what] of actions) {
    if (what === "deploy") world.deploy(where);
    else world.merge(where, what);
  }
  return world;
}

test("a walk reaches every standing and every end", () => {
  const world = new World();
  for (const name of ENVIRONMENTS) world.deploy(name);
  const merged = (["managed", "unprotect", "delete"] as const).map((step) => {
    const isMerged = world.merge("prod/acme", step);
    world.deploy("prod");
    return [isMerged, world.live.get("prod/acme")];
  });
  expect(merged).toEqual([
    [true, "protected"],
    [true, "unprotected"],
    [true, "destroyed"],
  ]);
  world.merge("prod/globex", "managed");
  world.deploy("prod");
  world.merge("prod/globex", "unprotect");
  expect(world.merge("prod/globex", "delete")).toBe(false);
});

test("whatever is merged and deployed in whatever order, nothing is destroyed that no allowance named, and no deployment fails", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 50, maxLength: 90 }), (actions) => {
      const { live, named } = walk(actions);
      const destroyed = PLACES.filter((place) => live.get(place) === "destroyed");
      expect(destroyed.filter((place) => !named.has(place))).toEqual([]);
    }),
    { numRuns: runs(12) },
  );
});

test("from anywhere, a tenant that is managed can be deleted and one can be kept, step by step", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 20, maxLength: 40 }), fc.constantFrom(...PLACES), (actions, place) => {
      const [name = ""] = place.split("/");
      const paths: readonly (readonly [readonly Standing[], Live])[] = [
        [["unprotect", "delete"], "destroyed"],
        [["forget"], "kept"],
      ];
      const ends = paths.map(([steps]) => {
        const world = walk(actions);
        for (const environmentName of ENVIRONMENTS) world.deploy(environmentName);
        if (world.standings[place] !== "managed" || world.live.get(place) === "kept") return undefined;
        for (const step of steps) {
          if (!world.merge(place, step)) return `refused: ${step}`;
          world.deploy(name);
        }
        return world.live.get(place);
      });
      expect(ends.map((end, index) => end === undefined || end === paths[index]?.[1])).toEqual([true, true]);
    }),
    { numRuns: runs(8) },
  );
});
