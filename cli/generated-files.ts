import path from "node:path";
import { loadConfig } from "../model/load-config";
import { editorSchemas } from "../model/json-schemas";
import { rowTypes } from "./row-types";

/**
 * Every generated file: its path relative to the project, and its text.
 *
 * @param configDir - the configuration folder the files follow from.
 */
export function generatedFiles(configDir: string): ReadonlyMap<string, string> {
  return new Map([
    ...[...editorSchemas()].map(([name, text]) => [path.join(configDir, "json-schemas", name), text] as const),
    [path.join("runtime", "row-types.generated.ts"), rowTypes(loadConfig(configDir).definitions)],
  ]);
}
