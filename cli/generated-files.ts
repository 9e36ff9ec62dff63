import path from "node:path";
import { editorSchemas } from "../model/json-schemas";

/**
 * Every generated file: its path relative to the project, and its text.
 *
 * @param configDir - the configuration folder the files follow from.
 */
export function generatedFiles(configDir: string): ReadonlyMap<string, string> {
  return new Map([...editorSchemas()].map(([name, text]) => [path.join(configDir, "json-schemas", name), text]));
}
