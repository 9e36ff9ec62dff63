import path from "node:path";
import { type App, TerraformStack } from "cdktf";
import { UsageError } from "../../model/errors";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { StackAssignment } from "../../model/resolve";
import { addBackend, addForgotten, addOutput, addProvider, tenantConstructId } from "../stack-parts";
import { TenantMetadata } from "../tenant-metadata";
import { OnePassSynthesizer } from "./one-pass-synthesizer";
import { withoutTokenStackTraces } from "./token-stack-traces";

/** What {@link synthesizeStacks} writes. */
export interface SynthesizeStacksOptions {
  /** One stack is written for each, e.g. `assignStacks(environment, tenants, offboarded)`. */
  readonly assignments: readonly StackAssignment[];
  /** The tables that every tenant gets, e.g. `loadConfig("configs").definitions`. */
  readonly definitions: readonly TableDefinition[];
  /**
   * Called as soon as a stack is written, e.g. to show progress. What it throws ends the synthesis.
   * @default - nothing is called
   */
  readonly onStack?: (stack: SynthesizedStack) => void;
}

/** A stack that {@link synthesizeStacks} has written. */
export interface SynthesizedStack {
  /** Name for `cdktf deploy`, e.g. `metadata-prod-007`. */
  readonly stackName: string;
  /** How many tenants the stack has. */
  readonly tenantCount: number;
  /** How many resources it has of each Terraform type, e.g. 12 for `google_bigquery_table`; a type it lacks is absent. */
  readonly resourceCounts: ReadonlyMap<string, number>;
  /** The file written, e.g. `cdktf.out/stacks/metadata-prod-007/cdk.tf.json`, below `app.outdir`. */
  readonly file: string;
}

/**
 * Writes one stack per assignment, in their order: the same resources as a {@link TenantMetadataStack}, several times faster and
 * with one line per resource. 1,000 tenants take about a second.
 *
 * Each stack is written and discarded before the next one is made, so memory does not grow beyond the largest. No stack is left
 * in the app: other stacks cannot refer to these. `app.synth()` is needed only for other stacks in the same app, and may
 * come before or after.
 *
 * @returns what was written, in the order of the assignments.
 * @throws {@link UsageError} when the app already has a stack of an assignment's name, or asks for HCL output.
 *
 * @example
 * ```ts
 * import { App } from "cdktf";
 * import { assignStacks, loadConfig, synthesizeStacks } from "tenant-metadata";
 *
 * const app = new App();
 * const { definitions, environments, tenants, offboarded } = loadConfig("configs");
 * const assignments = environments.flatMap((environment) => assignStacks(environment, tenants, offboarded));
 * for (const { stackName, tenantCount } of synthesizeStacks(app, { assignments, definitions }))
 *   console.log(`${stackName}: ${tenantCount} tenants`);
 * ```
 */
export function synthesizeStacks(
  app: App,
  { assignments, definitions, onStack }: SynthesizeStacksOptions,
): readonly SynthesizedStack[] {
  if (app.hclOutput) {
    throw new UsageError(
      "synthesizeStacks writes Terraform JSON, but the app asks for HCL (hclOutput, or SYNTH_HCL_OUTPUT=true).\n" +
        "fix: leave the option out, or make each stack with TenantMetadataStack and call app.synth().",
    );
  }
  return withoutTokenStackTraces(() => {
    const written = assignments.map((assignment) => {
      const stack = synthesizeStack(app, assignment, definitions);
      onStack?.(stack);
      return stack;
    });
    app.manifest.writeToFile();
    return written;
  });
}

function synthesizeStack(
  app: App,
  assignment: StackAssignment,
  definitions: readonly TableDefinition[],
): SynthesizedStack {
  const { stackName, environment, tenants } = assignment;
  if (Object.hasOwn(app.manifest.stacks, stackName) || app.node.tryFindChild(stackName) !== undefined) {
    throw new UsageError(
      `synthesizeStacks: the app already has a stack named ${stackName}.\nfix: pass each assignment once, and give other stacks other names.`,
    );
  }
  const stack = new TerraformStack(app, stackName);
  const synthesizer = new OnePassSynthesizer(stack);
  addProvider(stack, environment);
  addBackend(stack, environment);
  for (const tenant of tenants) {
    const id = tenantConstructId(tenant);
    synthesizer.render(new TenantMetadata(stack, id, { tenant, definitions, generations: environment.recreate }));
    stack.node.tryRemoveChild(id);
  }
  addForgotten(stack, assignment, definitions);
  addOutput(stack, assignment, definitions);
  const { outdir, manifest, skipValidation } = app;
  synthesizer.synthesize({ outdir, manifest, skipValidation });
  app.node.tryRemoveChild(stackName);
  return {
    stackName,
    tenantCount: tenants.length,
    resourceCounts: synthesizer.resourceCounts,
    file: path.join(outdir, manifest.forStack(stack).synthesizedStackPath),
  };
}
