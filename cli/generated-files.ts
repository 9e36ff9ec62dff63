import path from "node:path";
import { editorSchemas } from "../model/json-schemas";
import { loadConfig } from "../model/load-config";
import { metadataSchemaDoc } from "./metadata-schema-doc";

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
    [path.join("docs", "metadata-schema.md"), metadataSchemaDoc(definitions)],
  ]);
}
