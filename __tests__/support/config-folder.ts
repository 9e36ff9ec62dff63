import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach } from "@jest/globals";

/** File contents by path; an object is written as JSON, a string as it is. */
export type Files = Readonly<Record<string, unknown>>;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A small configuration that is valid; tests change what they are about. */
export const VALID: Files = {
  "metadata/schemas/runs.json": {
    schema: {
      fields: [
        { name: "run_id", type: "STRING", mode: "REQUIRED" },
        { name: "status", type: "STRING", mode: "REQUIRED", allowedValues: ["OK", "FAILED"] },
        { name: "started_at", type: "TIMESTAMP", mode: "REQUIRED" },
        { name: "tags", type: "STRING", mode: "REPEATED" },
        { name: "details", type: "JSON" },
      ],
    },
    timePartitioning: { type: "DAY", field: "started_at" },
    clustering: { fields: ["status"] },
    tableConstraints: { primaryKey: { columns: ["run_id"] } },
  },
  "environments/dev.json": { projectId: "example-dev", location: "EU", backend: { type: "local" } },
  "tenants/acme.json": { displayName: "Acme", environments: { dev: {} } },
};

/** An empty folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tenant-metadata-"));
  folders.push(folder);
  return folder;
}

/** Writes a configuration folder for one test and gives its path; `undefined` leaves a file out. */
export function configFolder(files: Files): string {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) {
    if (content === undefined) continue;
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return folder;
}
