import type { TableDefinition } from "../../../model/formats/table-definition";

/** TypeScript source that holds the definitions, for pipelines that have the package and no configuration. */
export function definitionsModule(definitions: readonly TableDefinition[]): string {
  return [
    "// Generated from configs/metadata/schemas by `npm run generate`. Do not edit.",
    'import type { TableDefinition } from "../model/formats/table-definition";',
    "",
    "/** The tables that the package ships with. */",
    `export const DEFINITIONS: readonly TableDefinition[] = ${JSON.stringify(definitions, null, 2)};`,
    "",
  ].join("\n");
}
