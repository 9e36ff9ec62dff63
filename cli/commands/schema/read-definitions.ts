import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { ConfigError, UsageError } from "../../../model/errors";
import type { TableDefinition } from "../../../model/formats/table-definition";
import { loadConfig, type MetadataConfig, parseDefinition } from "../../../model/load-config";
import { compare, type Problem } from "../../../model/problems";

/** One side of a comparison. */
export type Side =
  | { readonly kind: "config"; readonly config: MetadataConfig }
  | { readonly kind: "definitions"; readonly definitions: readonly TableDefinition[] };

/**
 * Reads the two sides of a comparison: two definition files, two folders of them, or two whole configuration folders.
 *
 * Two files are taken for the same table, whatever they are called.
 *
 * @throws {@link UsageError} when a path is missing or a file stands against a folder.
 * @throws {@link ConfigError} with every problem of every file.
 */
export function readSides(oldPath: string, newPath: string): readonly [Side, Side] {
  const [oldIsFolder, newIsFolder] = [isFolder(oldPath), isFolder(newPath)];
  if (oldIsFolder !== newIsFolder) {
    throw new UsageError(`${oldPath} and ${newPath} must be two definition files or two folders.`);
  }
  if (!oldIsFolder) {
    const tableId = tableIdOf(newPath);
    return [readAll([[oldPath, tableId]]), readAll([[newPath, tableId]])];
  }
  return [readFolder(oldPath), readFolder(newPath)];
}

/** The definitions of a side. */
export function definitionsOf(side: Side): readonly TableDefinition[] {
  return side.kind === "config" ? side.config.definitions : side.definitions;
}

function readFolder(folder: string): Side {
  if (readdirSync(folder).includes("metadata")) return { kind: "config", config: loadConfig(folder) };
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort(compare);
  if (files.length === 0) {
    throw new UsageError(
      `${folder} holds no table definition (<tableId>.json). Name a folder that does, such as configs/metadata/schemas.`,
    );
  }
  return readAll(files.map((name) => [path.join(folder, name), path.basename(name, ".json")]));
}

function readAll(files: readonly (readonly [file: string, tableId: string])[]): Side {
  const problems: Problem[] = [];
  const definitions = files.flatMap(([file, tableId]) => {
    try {
      return [parseDefinition(tableId, file, readFileSync(file, "utf8"))];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return { kind: "definitions", definitions };
}

/** `/tmp/step_logs.new.json` gives `step_logs`; a name that is no table id gives `table`. */
function tableIdOf(file: string): string {
  const [name = ""] = path.basename(file).split(".");
  return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name) ? name : "table";
}

function isFolder(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`There is no file or folder ${file}.`);
  return stats.isDirectory();
}
