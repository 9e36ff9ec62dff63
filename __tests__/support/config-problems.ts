import { ConfigError } from "../../model/errors";
import { loadConfig } from "../../model/load-config";
import { configFolder, type Files, VALID } from "./config-folder";

/** The message of the error that loading these files over a valid configuration ends with. */
export function problemsOf(files: Files): string {
  return messageOf(configFolder({ ...VALID, ...files }));
}

/** The same without the line that counts them, in lines of their own. */
export function listedProblems(files: Files): string {
  return problemsOf(files)
    .replace(/^.*\n\n/, "\n")
    .concat("\n");
}

/** The message of the error that loading this folder ends with; its own path is left out. */
export function messageOf(folder: string): string {
  try {
    loadConfig(folder);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(folder, "<configs>");
    throw error;
  }
  throw new Error("The configuration was accepted.");
}

/** The valid configuration's table, environment or tenant with a change. */
export const runs = (change: object) => ({
  "metadata/schemas/runs.json": {
    ...(VALID["metadata/schemas/runs.json"] as object),
    ...change,
  },
});
export const columns = (...fields: object[]) => ({
  "metadata/schemas/runs.json": { schema: { fields } },
});
export const dev = (change: object) => ({
  "environments/dev.json": {
    ...(VALID["environments/dev.json"] as object),
    ...change,
  },
});
export const acme = (overrides: object) => ({
  "tenants/acme.json": {
    displayName: "Acme",
    environments: { dev: overrides },
  },
});
