import type { z } from "zod";
import type { ConfigFile } from "./config-files";
import { defined } from "./defined";
import { type JsonDocument, parseJsonDocument } from "./json-document";
import { formatPath, type Problem, show } from "./problems";
import type { RuleFinding } from "./rules/finding";
import { withoutRefused } from "./without-refused";
import { checkShape } from "./zod-problems";

/** A file's content together with the document it came from, to report problems by line. */
export interface Loaded<T> {
  /** The file's name without `.json`. */
  readonly id: string;
  readonly value: T;
  readonly document: JsonDocument;
}

/** How the files of one folder are read. */
export interface FileFormat<S extends z.ZodType, T> {
  /** What the file's name must be; absent: anything. */
  readonly id?: z.ZodType;
  readonly body: S;
  readonly normalise: (id: string, body: z.output<S>, file: string) => T;
}

/**
 * Reads the files of one folder: every folder of the configuration is read by this.
 *
 * @param problems - gets what keeps a file from being read; the others are read all the same.
 * @param lenient - whether a file is read, its problems reported, without keys and list entries that are refused.
 */
export function readFiles<S extends z.ZodType, T>(
  files: readonly ConfigFile[],
  format: FileFormat<S, T>,
  problems: Problem[],
  lenient = false,
): readonly Loaded<T>[] {
  return files.flatMap(({ file, id, text }) => {
    const name = format.id === undefined ? undefined : checkShape(format.id, id);
    if (name !== undefined && "findings" in name) {
      problems.push(
        ...name.findings.map((finding) => toProblem(file, { ...finding, message: "The file name is not valid" })),
      );
    }
    const parsed = parseJsonDocument(file, text);
    if ("problems" in parsed) {
      problems.push(...parsed.problems);
      return [];
    }
    const { document } = parsed;
    const shape = checkShape(format.body, document.value);
    if ("findings" in shape) {
      problems.push(...toProblems(document, shape.findings));
      const rest = lenient ? withoutRefused(format.body, document.value) : undefined;
      return rest === undefined ? [] : [{ id, value: format.normalise(id, rest.data, file), document }];
    }
    return [{ id, value: format.normalise(id, shape.data, file), document }];
  });
}

/** Findings of rules as problems of the document they are about, each with its line. */
export function toProblems(document: JsonDocument, findings: Iterable<RuleFinding>): Problem[] {
  return [...findings].map((finding) => toProblem(document.file, finding, document.lineOf(finding.path)));
}

export function toProblem(file: string, finding: RuleFinding, line?: number): Problem {
  const { path, message, received, allowed, remedy } = finding;
  return defined({
    file,
    line,
    path: formatPath(path),
    message,
    received: received === undefined ? undefined : show(received),
    allowed,
    remedy,
  });
}
