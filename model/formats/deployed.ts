import { z } from "zod";
import { SchemaReference, TableId } from "./primitives";

/**
 * Body of `deployed/<environment>.json`: what is already out there, as far as configs must not contradict it.
 *
 * Without it no one could tell a raised generation from one that was deployed long ago, nor a new environment from one
 * whose tenants would move between states.
 */
export const DeployedFile = z.strictObject({
  $schema: SchemaReference.exactOptional(),
  shards: z.int().min(1).max(1000).describe("Number of shards that was deployed."),
  recreate: z.record(TableId, z.int().min(1)).default({}).describe("Generations that were deployed."),
});

/** What was deployed to an environment. */
export interface Deployed {
  /** Number of shards that was deployed, 1 to 1000. */
  readonly shards: number;
  /** Generations that were deployed, by table id. */
  readonly recreate: Readonly<Record<string, number>>;
}
