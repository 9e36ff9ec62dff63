import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import stackTrace = require("cdktf/lib/tokens/private/stack-trace");
import fc from "fast-check";
import { type SynthesizedStack, synthesizeStacks } from "../../../constructs/synth/synthesize-stacks";
import { TenantMetadataStack } from "../../../constructs/tenant-metadata-stack";
import { UsageError } from "../../../model/errors";
import type { TableDefinition } from "../../../model/formats/table-definition";
import type { StackAssignment } from "../../../model/resolve";
import { temporaryFolder } from "../../support/config-folder";
import { environment, FULL_TABLES, fullTenant, MINIMAL_TABLE, tenant } from "../../support/resolved";
import type { TerraformJson } from "../../support/synth";
import { runs } from "../../support/runs";

const minimal: StackAssignment = {
  stackName: "metadata-dev",
  environment: environment(),
  shard: 0,
  tenants: [tenant()],
};
const full: StackAssignment = {
  stackName: "metadata-dev-001",
  environment: environment({
    shards: 2,
    backend: { type: "gcs", bucket: "example-state", prefix: "metadata" },
    recreate: { steps: 3 },
  }),
  shard: 1,
  tenants: [fullTenant(), tenant({ tenantId: "globex", datasetId: "globex_metadata" })],
  forgotten: [tenant({ tenantId: "left", readers: ["group:readers@example.com"] })],
};

function newApp(options: ConstructorParameters<typeof App>[0] = {}): App {
  return Testing.stubVersion(new App({ outdir: temporaryFolder(), ...options }));
}

function read(app: App, file: string): unknown {
  return JSON.parse(readFileSync(path.join(app.outdir, file), "utf8"), withoutResourceComments);
}

/** cdktf comments each resource with its construct's path. */
function withoutResourceComments(key: string, value: unknown): unknown {
  const isComment = key === "//" && typeof value === "object" && JSON.stringify(value).includes('"uniqueId"');
  return isComment ? undefined : value;
}

/** Everything below the output folder that each of the two ways writes for the same assignments. */
function bothWays(assignments: readonly StackAssignment[], definitions: readonly TableDefinition[]): [object, object] {
  const [fast, ordinary] = [newApp(), newApp()];
  synthesizeStacks(fast, { assignments, definitions });
  for (const assignment of assignments)
    new TenantMetadataStack(ordinary, assignment.stackName, { assignment, definitions });
  ordinary.synth();
  return [everything(fast), everything(ordinary)];
}

function everything(app: App): Record<string, unknown> {
  const files = readdirSync(app.outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(app.outdir, path.join(entry.parentPath, entry.name)));
  return Object.fromEntries(files.map((file) => [file, read(app, file)]));
}

describe("synthesizeStacks writes the same as TenantMetadataStack and app.synth()", () => {
  test.each([
    ["minimal", [minimal], [MINIMAL_TABLE]],
    ["full", [full], FULL_TABLES],
    ["without tenants", [{ ...minimal, tenants: [] }], FULL_TABLES],
    ["several stacks", [minimal, full], FULL_TABLES],
    ["no stack", [], FULL_TABLES],
  ] as const)("%s", (_, assignments, definitions) => {
    const [fast, ordinary] = bothWays(assignments, definitions);
    expect(fast).toEqual(ordinary);
    expect(Object.keys(fast)).toHaveLength(assignments.length + 1);
  });

  test("for any names and texts", () => {
    const id = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/),
      // Names of the stack's own parts, and of JavaScript's.
      fc.constantFrom("google", "backend", "tenants", "dataset", "table", "grants", "resource", "constructor"),
    );
    const text = fc.array(fc.oneof(fc.constantFrom("${", "%{", "TfToken[", '"', "\n", "e+2"), fc.string()));
    const tenants = fc.uniqueArray(fc.tuple(id, text), { minLength: 1, maxLength: 3, selector: ([name]) => name });
    fc.assert(
      fc.property(tenants, fc.uniqueArray(id, { minLength: 1, maxLength: 2 }), (ids, tableIds) => {
        const resolved = ids.map(([tenantId, parts]) => tenant({ tenantId, displayName: parts.join("") }));
        const definitions = tableIds.map((tableId) => ({ ...MINIMAL_TABLE, tableId }));
        const [fast, ordinary] = bothWays([{ ...minimal, tenants: resolved }], definitions);
        expect(fast).toEqual(ordinary);
        const { resource } = (fast as Record<string, TerraformJson>)["stacks/metadata-dev/cdk.tf.json"] ?? {};
        expect(Object.keys(resource?.["google_bigquery_dataset"] ?? {})).toEqual(ids.map(([name]) => name).sort());
      }),
      { numRuns: runs(10) },
    );
  }, 60_000);
});

describe("synthesizeStacks", () => {
  test("says what it has written, stack by stack and at the end", () => {
    const app = newApp();
    const seen: SynthesizedStack[] = [];
    const stacks = synthesizeStacks(app, {
      assignments: [minimal, full],
      definitions: FULL_TABLES,
      onStack: (stack) => {
        expect(read(app, path.relative(app.outdir, stack.file))).toHaveProperty("terraform");
        seen.push(stack);
      },
    });
    expect(seen).toEqual(stacks);
    expect(stacks.map(({ stackName, tenantCount }) => [stackName, tenantCount])).toEqual([
      ["metadata-dev", 1],
      ["metadata-dev-001", 2],
    ]);
    expect(stacks[1]?.file).toBe(path.join(app.outdir, "stacks", "metadata-dev-001", "cdk.tf.json"));
    expect(Object.fromEntries(stacks[1]?.resourceCounts ?? [])).toEqual({
      google_bigquery_dataset: 2,
      google_bigquery_table: 4,
      google_bigquery_table_iam_member: 4,
      terraform_data: 2,
    });
  });

  test("stands beside other stacks of the app, whichever comes first", () => {
    const app = newApp();
    for (const name of ["first", "second"]) new TerraformOutput(new TerraformStack(app, name), "name", { value: name });
    synthesizeStacks(app, { assignments: [minimal], definitions: [MINIMAL_TABLE] });
    app.synth();
    synthesizeStacks(app, { assignments: [full], definitions: FULL_TABLES });
    expect(Object.keys((read(app, "manifest.json") as { stacks: object }).stacks).sort()).toEqual([
      "first",
      "metadata-dev",
      "metadata-dev-001",
      "second",
    ]);
  });

  test.each([
    ["its own", newApp, [minimal, minimal]],
    ["another stack's", () => appWith("metadata-dev"), [minimal]],
  ])("refuses a name that the app has already (%s)", (_, makeApp, assignments) => {
    expect(() => synthesizeStacks(makeApp(), { assignments, definitions: [MINIMAL_TABLE] })).toThrow(
      new UsageError(
        "synthesizeStacks: the app already has a stack named metadata-dev.\n" +
          "fix: pass each assignment once, and give other stacks other names.",
      ),
    );
  });

  test("refuses to write HCL", () => {
    expect(() =>
      synthesizeStacks(newApp({ hclOutput: true }), { assignments: [minimal], definitions: [MINIMAL_TABLE] }),
    ).toThrow(
      new UsageError(
        "synthesizeStacks writes Terraform JSON, but the app asks for HCL (hclOutput, or SYNTH_HCL_OUTPUT=true).\n" +
          "fix: leave the option out, or make each stack with TenantMetadataStack and call app.synth().",
      ),
    );
  });

  test("keeps cdktf from capturing stack traces of tokens, and lets it again afterwards", () => {
    const original = stackTrace.captureStackTrace;
    const frames: number[] = [];
    synthesizeStacks(newApp(), { assignments: [minimal], definitions: [], onStack: () => frames.push(tokenFrames()) });
    expect(frames).toEqual([0]);
    expect(tokenFrames()).toBeGreaterThan(0);

    expect(() =>
      synthesizeStacks(newApp(), {
        assignments: [minimal],
        definitions: [],
        onStack: () => {
          throw new Error("thrown on the way");
        },
      }),
    ).toThrow("thrown on the way");
    expect(stackTrace.captureStackTrace).toBe(original);
  });
});

function appWith(stackName: string): App {
  const app = newApp();
  new TerraformStack(app, stackName);
  return app;
}

/** How many frames cdktf captures for a token that is made now. */
function tokenFrames(): number {
  const { tenants } = new TenantMetadataStack(newApp(), "other", { assignment: minimal, definitions: [] });
  const token = tenants.get("acme")?.resource.interpolationForAttribute("location") as { creationStack: string[] };
  return token.creationStack.length;
}
