import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { MAX_FILE_BYTES, TOO_LARGE } from "./json-document";
import { own } from "./own";
import { compare, pickOne, type Problem } from "./problems";

/** A JSON file of a configuration folder. */
export interface ConfigFile {
  /** Relative to the configuration folder, with forward slashes: `tenants/acme.json`. */
  readonly file: string;
  /** File name without `.json`: `acme`. */
  readonly id: string;
  readonly text: string;
}

/** New text of configuration files, by their path relative to the folder; `undefined` for a file to delete. */
export type ConfigChanges = ReadonlyMap<string, string | undefined>;

/**
 * What a configuration folder may hold: `true` is a folder of JSON files, an object a folder of further folders, and
 * `false` something that other tools read.
 */
interface Layout {
  readonly [name: string]: boolean | Layout;
}

const LAYOUT: Layout = {
  metadata: { schemas: true },
  environments: true,
  tenants: true,
  offboarding: true,
  deployed: true,
  allowances: true,
  "json-schemas": false,
};

/** Folders of a configuration folder that hold files to read. */
export type ConfigFolder = "metadata/schemas" | "environments" | "tenants" | "offboarding" | "deployed" | "allowances";

/**
 * Reads every JSON file of a configuration folder, and nothing outside it: a symbolic link is a problem.
 *
 * Dot files and Markdown are skipped; anything else that is not expected is a problem, since a misplaced file would
 * otherwise be ignored in silence.
 */
export class ConfigFiles {
  readonly problems: Problem[] = [];
  private readonly files = new Map<string, ConfigFile[]>();

  /**
   * @param root - the configuration folder; a missing one is a problem like any other.
   * @param changes - text of files to read instead of what is on disk, by {@link ConfigFile.file}; `undefined`
   *   for a file to read as if it were deleted.
   */
  constructor(
    private readonly root: string,
    private readonly changes: ConfigChanges = new Map(),
  ) {
    if (!isFolder(root)) {
      this.problems.push({
        file: root,
        path: "",
        message: "There is no such folder",
        remedy: "Create it, or name another one in METADATA_CONFIG_DIR",
      });
      return;
    }
    this.readFolder("", LAYOUT);
  }

  /** The files of a folder in order of their names; none when the folder is missing. */
  in(folder: ConfigFolder): readonly ConfigFile[] {
    const onDisk = this.files.get(folder) ?? [];
    const changed = [...this.changes].filter(([file]) => path.posix.dirname(file) === folder);
    if (changed.length === 0) return onDisk;
    return [
      ...onDisk.filter(({ file }) => !this.changes.has(file)),
      ...changed.flatMap(([file, text]) =>
        text === undefined ? [] : [{ file, id: path.posix.basename(file, ".json"), text }],
      ),
    ].sort((a, b) => compare(a.file, b.file));
  }

  private readFolder(folder: string, layout: Layout): void {
    for (const name of this.entries(folder)) {
      const file = join(folder, name);
      const kind = own(layout, name);
      if (kind === undefined) {
        const names = Object.keys(layout);
        this.problems.push({
          file,
          path: "",
          message: "This file or folder is not expected here",
          allowed: names.join(", "),
          remedy: pickOne(name, names, "Move it elsewhere"),
        });
      } else if (kind !== false && !this.isLink(file)) {
        if (!isFolder(path.join(this.root, file))) {
          this.problems.push({
            file,
            path: "",
            message: "This is not a folder",
            remedy: "Make it a folder of JSON files",
          });
        } else if (kind === true) this.readFiles(file);
        else this.readFolder(file, kind);
      }
    }
  }

  private readFiles(folder: string): void {
    const files: ConfigFile[] = [];
    for (const name of this.entries(folder)) {
      const file = join(folder, name);
      if (this.isLink(file)) continue;
      if (!name.endsWith(".json") || isFolder(path.join(this.root, file))) {
        this.problems.push({
          file,
          path: "",
          message: "Only JSON files are expected here",
          remedy: "Move it elsewhere, or let its name end with .json",
        });
        continue;
      }
      if (statSync(path.join(this.root, file)).size > MAX_FILE_BYTES) {
        this.problems.push({ file, path: "", ...TOO_LARGE });
        continue;
      }
      const text = decodeUtf8(readFileSync(path.join(this.root, file)));
      if (text === undefined) {
        this.problems.push({ file, path: "", message: "The file is not UTF-8", remedy: "Save it as UTF-8" });
      } else files.push({ file, id: name.slice(0, -".json".length), text });
    }
    this.files.set(folder, files);
  }

  private entries(folder: string): string[] {
    return readdirSync(path.join(this.root, folder))
      .filter((name) => !name.startsWith(".") && !name.endsWith(".md"))
      .sort(compare);
  }

  private isLink(file: string): boolean {
    if (!lstatSync(path.join(this.root, file)).isSymbolicLink()) return false;
    this.problems.push({
      file,
      path: "",
      message: "This is a symbolic link: git, which tells what a change is, does not see when its target changes",
      remedy: "Replace it with the file itself",
    });
    return true;
  }
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Strict, and keeps a byte-order mark for the parser to report; `toString` would replace what it cannot read. */
function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
