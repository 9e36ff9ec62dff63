import { randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { UsageError } from "../../model/errors";
import { errorMessage } from "../runs/error-message";
import { formatLine, type SpoolRecord } from "./spool-line";

/** What the files of a spool that no replay has claimed end with. */
export const SPOOL_EXTENSION = ".spool";

const filesByFolder = new Map<string, SpoolFile>();

/** Attempts to write to a file that a replay takes away each time. */
const MAX_ATTEMPTS = 100;

/**
 * The process's own file in a folder, which is made. All loggers of the process share it.
 *
 * @throws {@link UsageError} for a folder that cannot be made, or that takes no files.
 */
export function spoolFile(folder: string): SpoolFile {
  const key = path.resolve(folder);
  const known = filesByFolder.get(key);
  if (known !== undefined) return known;
  try {
    makeFolder(key);
    const probe = path.join(key, `${randomUUID()}.probe`);
    closeSync(openSync(probe, "wx", 0o600));
    unlinkSync(probe);
  } catch (cause) {
    throw new UsageError(
      `The spool ${JSON.stringify(folder)} cannot be used: ${errorMessage(cause)}. ` +
        "Fix: name a folder in which this process may make files.",
      { cause },
    );
  }
  const file = new SpoolFile(key);
  filesByFolder.set(key, file);
  return file;
}

/**
 * Where a process keeps what it could not deliver, for a replay. Lines are only ever appended, and are on the disk when
 * {@link append} returns. Everything is done at once: at the end of a process there is no later.
 */
export class SpoolFile {
  /** The file; made with its first line. */
  readonly path: string;

  constructor(private readonly folder: string) {
    this.path = path.join(folder, `${new Date().toISOString().replaceAll(":", "-")}-${randomUUID()}${SPOOL_EXTENSION}`);
  }

  /** @throws the file system's own error, such as a full disk; nothing is promised of the records then. */
  append(records: readonly SpoolRecord[]): void {
    if (records.length === 0) return;
    makeFolder(this.folder);
    const lines = Buffer.from(records.map(formatLine).join(""));
    // A replay may take the file by its name while it is being written to. It may not see these lines then, so they are written
    // again, to a new file; what is in both is found in its table by the second replay.
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) if (this.appendOnce(lines)) return;
    throw new Error(`${this.path} was taken away ${MAX_ATTEMPTS} times while it was written to`);
  }

  /** @returns whether the file still has its name, so that whoever takes it finds the lines. */
  private appendOnce(lines: Buffer): boolean {
    const descriptor = openSync(this.path, "a", 0o600);
    const { size } = fstatSync(descriptor);
    try {
      writeWhole(descriptor, lines);
      fsyncSync(descriptor);
      if (size === 0) syncFolder(this.folder);
      return this.isAt(descriptor);
    } catch (error) {
      // A part of a line would spoil the next one.
      if (this.isAt(descriptor)) ftruncateSync(descriptor, size);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  }

  private isAt(descriptor: number): boolean {
    return fstatSync(descriptor).ino === statSync(this.path, { throwIfNoEntry: false })?.ino;
  }
}

/**
 * Makes a folder and those above it, each at most once: Node's own `recursive` never returns where the system answers ENOENT
 * below a folder that exists, as in /proc.
 */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = path.dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Writes all of it: one call may write a part. */
export function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

/** A file's name is on the disk once its folder is. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
