import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { UsageError } from "../../../model/errors";

/** A CDKTF project on disk and how to run it. */
export interface SynthOptions {
  /** Folder that holds `cdktf.json`. */
  readonly project: string;
  readonly configDir: string;
  /** Where the output goes. */
  readonly outDir: string;
  /** Builds only these stacks; absent, all of them. */
  readonly stacks?: readonly string[];
}

/** Digest of everything synthesized for a stack, by stack name. */
export type StackDigests = ReadonlyMap<string, string>;

/** What a program that does not run gives. */
export const NO_STACKS: StackDigests = new Map();

const CdktfFile = z.object({ app: z.string().min(1), context: z.record(z.string(), z.unknown()).default({}) });

/** Whether the folder holds a CDKTF project. */
export function isProject(folder: string): boolean {
  return statSync(path.join(folder, "cdktf.json"), { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Runs the project's own program (`app` in `cdktf.json`), as `cdktf synth` does, and reads what it wrote.
 *
 * @throws {@link UsageError} with the program's messages, when it fails.
 */
export async function synthesize({ project, configDir, outDir, stacks }: SynthOptions): Promise<StackDigests> {
  const { app, context } = readCdktfFile(path.join(project, "cdktf.json"));
  const { METADATA_ENVIRONMENTS: _, METADATA_STACKS: __, ...inherited } = process.env;
  await runShell(app, project, {
    ...inherited,
    METADATA_CONFIG_DIR: configDir,
    CDKTF_OUTDIR: outDir,
    CDKTF_CONTEXT_JSON: JSON.stringify(context),
    METADATA_STACKS: stacks?.join(","),
  });
  const folder = path.join(outDir, "stacks");
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, digest(path.join(folder, name))]),
  );
}

/**
 * Gives another copy of a project the dependencies it locks: the installed ones when both lock the same, its own otherwise.
 *
 * @throws {@link UsageError} when they cannot be installed.
 */
export async function provideDependencies(
  project: string,
  copy: string,
  report: (text: string) => void,
): Promise<void> {
  const installed = path.join(project, "node_modules");
  if (!isProject(copy)) throw new UsageError("It has no cdktf.json.");
  if (!existsSync(installed)) return;
  if (lockFile(project) === lockFile(copy)) {
    linkEntries(realpathSync(installed), path.join(copy, "node_modules"));
    return;
  }
  report("The dependencies differ too: installing those of the base in a temporary folder.");
  try {
    await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: copy, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new UsageError(`\`npm ci\` failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Links each package but no cache: what a program keeps there must not be mistaken for the other copy's. */
function linkEntries(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name.startsWith(".") && name !== ".bin") continue;
    symlinkSync(path.join(from, name), path.join(to, name), "junction");
  }
}

function lockFile(project: string): string {
  const file = path.join(project, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function readCdktfFile(file: string): z.infer<typeof CdktfFile> {
  try {
    return CdktfFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new UsageError(`${file} does not say how to run the program: it needs a string "app".`, { cause: error });
  }
}

async function runShell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, { cwd, env, shell: true, stdio: ["ignore", "ignore", "pipe"] });
  const messages: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => messages.push(chunk));
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve(exitCode ?? signal ?? 1));
  });
  if (code === 0) return;
  const said = Buffer.concat(messages).toString("utf8").trim();
  throw new UsageError(`\`${command}\` failed (${code})${said === "" ? "." : `:\n${said}`}`);
}

/** SHA-256 over the names and contents of all files under `folder`. */
function digest(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${path.relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
