import { type Files, VALID } from "./config-folder";

/** The definition of the small configuration's only table. */
export const RUNS = "metadata/schemas/runs.json";

export interface Definition {
  schema: { fields: Record<string, unknown>[] };
  timePartitioning?: object;
  clustering?: object;
}

/** The small configuration with its table changed. */
export function changedRuns(change: (definition: Definition) => void): Files {
  const definition = structuredClone(VALID[RUNS]) as Definition;
  change(definition);
  return { ...VALID, [RUNS]: definition };
}

export function addColumn({ schema }: Definition): void {
  schema.fields.push({ name: "region", type: "STRING" });
}

export function dropColumn({ schema }: Definition): void {
  schema.fields = schema.fields.filter(({ name }) => name !== "details");
}
