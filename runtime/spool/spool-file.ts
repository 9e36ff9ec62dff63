import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { formatLine, type SpoolRecord } from "./spool-line";

/** What the files of a spool that no replay has claimed end with. */
export const SPOOL_EXTENSION = ".spool";

const filesByFolder = new Map<string, SpoolFile>();

/** The process's own file in a folder. All loggers of the process share it. */
export function spoolFile(folder: string): SpoolFile {
  const key = path.resolve(folder);
  const known = filesByFolder.get(key);
  if (known !== undefined) return known;
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
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const lines = Buffer.from(records.map(formatLine).join(""));
    // A replay may take the file by its name while it is being written to. It may not see these lines then, so they are written
    // again, to a new file; what is in both is found in its table by the second replay.
    while (!this.appendOnce(lines)) continue;
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
