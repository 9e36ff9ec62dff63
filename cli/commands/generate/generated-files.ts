import path from "node:path";
import { allowanceSchema } from "../../../evolution/allowances/allowance-schema";
import { editorSchemas } from "../../../model/json-schemas";
import { loadConfig } from "../../../model/load-config";
import { schemaEvolutionDoc } from "./finding-codes-doc";
import { definitionsModule } from "./definitions-module";
import { configurationDoc } from "./key-catalogue-doc";
import { metadataSchemaDoc } from "./metadata-schema-doc";
import { rowTypes } from "./row-types";

const CONFIGURATION = path.join("docs", "configuration.md");
const SCHEMA_EVOLUTION = path.join("docs", "schema-evolution.md");

/**
 * Every generated file: its path relative to the project, and its text.
 *
 * @param configDir - the configuration folder the files follow from.
 * @throws {@link ConfigError} when it cannot be used.
 */
export function generatedFiles(configDir: string): ReadonlyMap<string, string> {
  const { definitions } = loadConfig(configDir);
  return new Map([
    ...[...editorSchemas()].map(([name, text]) => [path.join(configDir, "json-schemas", name), text] as const),
    [path.join(configDir, "json-schemas", "allowance.json"), allowanceSchema()],
    [path.join("docs", "metadata-schema.md"), metadataSchemaDoc(definitions)],
    [SCHEMA_EVOLUTION, schemaEvolutionDoc(SCHEMA_EVOLUTION)],
    [CONFIGURATION, configurationDoc(CONFIGURATION)],
    [path.join("runtime", "row-types.generated.ts"), rowTypes(definitions)],
    [path.join("runtime", "definitions.generated.ts"), definitionsModule(definitions)],
  ]);
}
