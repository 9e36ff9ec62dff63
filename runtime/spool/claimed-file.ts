import { randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
} from "node:fs";
import path from "node:path";
import { SPOOL_EXTENSION, syncFolder, writeWhole } from "./spool-file";
import { formatLine, parseLine, parseLines, type SpoolLines, type SpoolRecord } from "./spool-line";

const CLAIM = /\.spool(?:\.[0-9a-f-]{36}\.claimed)?$/;

/** Another replay has taken the file. */
export class ClaimLostError extends Error {}

/**
 * A spool file that a replay has taken for itself by giving it a name of its own. Another replay may take it away in the same
 * way, such as when this one was killed: every note checks that the name is still there, and nothing is written over a stream
 * that was not noted before. Whoever takes the file over seals the streams that are noted in it.
 */
export class ClaimedFile {
  private constructor(
    private readonly claim: string,
    private readonly descriptor: number,
    readonly lines: SpoolLines,
  ) {}

  /**
   * Takes every file of a folder, one after the other; a folder that is missing has none.
   *
   * @param untouchedMs - leaves files alone that another replay has taken and touched within this time.
   */
  static *claimAll(folder: string, untouchedMs: number): Generator<ClaimedFile> {
    for (const name of spoolFiles(folder)) {
      const file = path.join(folder, name);
      const isClaimed = !name.endsWith(SPOOL_EXTENSION);
      const claim = path.join(folder, `${name.replace(CLAIM, "")}${SPOOL_EXTENSION}.${randomUUID()}.claimed`);
      try {
        if (isClaimed && Date.now() - statSync(file).mtimeMs < untouchedMs) continue;
        renameSync(file, claim);
      } catch (error) {
        // Another replay was faster.
        if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
        throw error;
      }
      syncFolder(folder);
      const descriptor = openSync(claim, "a+");
      yield new ClaimedFile(claim, descriptor, parseLines(readWhole(descriptor)));
    }
  }

  /**
   * Adds a record to the file, on a line of its own.
   *
   * @throws {@link ClaimLostError} when another replay has the file now.
   */
  append(record: SpoolRecord): void {
    writeWhole(this.descriptor, Buffer.from(formatLine(record)));
    fsyncSync(this.descriptor);
    if (statSync(this.claim, { throwIfNoEntry: false })?.ino !== fstatSync(this.descriptor).ino) {
      throw new ClaimLostError(`${this.claim} was taken by another replay`);
    }
  }

  /** Ends the work on the file: deletes it, or gives it a name under which the next replay finds it. */
  release(isDone: boolean): void {
    closeSync(this.descriptor);
    const folder = path.dirname(this.claim);
    // A new name: a process may be writing to a new file under the old one.
    const name = path
      .basename(this.claim)
      .slice(0, 24)
      .replace(/[^\dTZ-]/g, "-");
    try {
      if (isDone) unlinkSync(this.claim);
      else renameSync(this.claim, path.join(folder, `${name}-${randomUUID()}${SPOOL_EXTENSION}`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/**
 * The lines of a file. The last one may be torn: its process was killed while it wrote it. Nobody was told that it is kept, so it
 * is cut off; one that lacks its newline alone gets it.
 */
function readWhole(descriptor: number): string {
  const bytes = readFileSync(descriptor);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end === bytes.length) return bytes.toString();
  if (parseLine(bytes.subarray(end).toString()) === undefined) {
    ftruncateSync(descriptor, end);
    return bytes.subarray(0, end).toString();
  }
  writeWhole(descriptor, Buffer.from("\n"));
  return `${bytes.toString()}\n`;
}

function spoolFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => CLAIM.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
