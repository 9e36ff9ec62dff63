import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import type { Column } from "../../../model/formats/table-definition";
import { RowEncoder } from "../../../runtime/encoding/row-encoder";
import { ClaimedFile, ClaimLostError } from "../../../runtime/spool/claimed-file";
import { SpoolFile, spoolFile } from "../../../runtime/spool/spool-file";
import { formatLine, parseLine, parseLines, type SpoolRecord } from "../../../runtime/spool/spool-line";
import { fromSpooled, toSpooled } from "../../../runtime/spool/spooled-row";
import { runs } from "../../support/runs";

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "spool-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const done = (...lines: readonly number[]): SpoolRecord => ({ kind: "done", lines });
const records = fc.array(
  fc.array(fc.nat(1000)).map((lines) => done(...lines)),
  { minLength: 1, maxLength: 5 },
);

function claim(untouchedMs = 0): readonly ClaimedFile[] {
  return [...ClaimedFile.claimAll(folder, untouchedMs)];
}

describe("a line", () => {
  test("reads back as it was written", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
        const record = { kind: "row", row: { value } } as unknown as SpoolRecord;
        expect(parseLines(formatLine(record))).toEqual({ records: [JSON.parse(JSON.stringify(record))], damaged: 0 });
      }),
    );
  });

  test("that is changed or cut anywhere is not read", () => {
    const line = formatLine(done(1, 2, 3)).slice(0, -1);
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.constantFrom("", "x", " ", "7"), (at, character) => {
        fc.pre(line[at] !== character);
        expect(parseLine(line.slice(0, at) + character + line.slice(at + 1))).toBeUndefined();
        expect(parseLine(line.slice(0, at))).toBeUndefined();
      }),
    );
  });
});

describe("a spool file", () => {
  test("belongs to its owner alone, and there is one for each process and folder", () => {
    const inner = path.join(folder, "a", "b");
    spoolFile(inner).append([done(1)]);
    spoolFile(`${inner}/../b`).append([done(2)]);
    const [name, ...others] = readdirSync(inner);
    expect(others).toEqual([]);
    expect(statSync(path.join(inner, name ?? "")).mode & 0o777).toBe(0o600);
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });

  test("that is cut at any byte has all lines before the cut, and takes more", () => {
    fc.assert(
      fc.property(records, fc.double({ min: 0, max: 1, noNaN: true }), (written, share) => {
        const bytes = Buffer.from(written.map(formatLine).join(""));
        const cut = Math.floor(share * bytes.length);
        writeFileSync(path.join(folder, "a.spool"), bytes.subarray(0, cut));
        const [file] = claim();
        const whole = written.filter(
          (_, index) =>
            written
              .slice(0, index + 1)
              .map(formatLine)
              .join("").length -
              1 <=
            cut,
        );
        expect(file?.lines).toEqual({ records: whole, damaged: 0 });
        file?.append(done(7));
        file?.release(false);
        const [again] = claim();
        expect(again?.lines).toEqual({ records: [...whole, done(7)], damaged: 0 });
        again?.release(true);
        expect(readdirSync(folder)).toEqual([]);
      }),
      { numRuns: runs(15) },
    );
  });

  test("that a replay takes while a process writes to it loses nothing", () => {
    const file = new SpoolFile(folder);
    file.append([done(1)]);
    const [taken] = claim();
    file.append([done(2)]);
    taken?.release(true);
    const [rest] = claim();
    expect(rest?.lines.records).toEqual([done(2)]);
    rest?.release(true);
  });

  test("that another replay takes over stops the first one before it writes", () => {
    new SpoolFile(folder).append([done(1)]);
    const [first] = claim();
    expect(claim(60_000)).toEqual([]);
    const [second] = claim();
    expect(() => first?.append(done(2))).toThrow(ClaimLostError);
    first?.release(true);
    expect(() => second?.append(done(3))).not.toThrow();
    second?.release(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("with a damaged line says so, and keeps the others", () => {
    const lines = [done(1), done(2), done(3)].map(formatLine);
    writeFileSync(path.join(folder, "a.spool"), lines.join("").replace("[2]", "[9]"));
    const [file] = claim();
    expect(file?.lines).toEqual({ records: [done(1), undefined, done(3)], damaged: 1 });
    file?.release(false);
    expect(readFileSync(path.join(folder, readdirSync(folder)[0] ?? ""), "utf8")).toContain("[9]");
  });
});

function column(name: string, type: Column["type"], more: Partial<Column> = {}): Column {
  return { name, type, mode: "NULLABLE", ...more };
}

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

test("a row that was accepted comes out of a spool equal, whatever its types", () => {
  const fields = [
    column("text", "STRING"),
    column("int", "INTEGER"),
    column("float", "FLOAT"),
    column("floats", "FLOAT", { mode: "REPEATED" }),
    column("numeric", "BIGNUMERIC"),
    column("at", "TIMESTAMP"),
    column("day", "DATE"),
    column("bytes", "BYTES"),
    column("json", "JSON"),
    column("records", "RECORD", { mode: "REPEATED", fields: [column("bytes", "BYTES"), column("at", "TIMESTAMP")] }),
  ];
  const encoder = new RowEncoder({ tableId: "t", schema: { fields } }, { tenantId: "acme", now: Date.now });
  const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
  const day = date.map((moment) => new Date(Math.floor(moment.getTime() / 86_400_000) * 86_400_000));
  const row = fc.record({
    text: optional(fc.string({ unit: "binary" })),
    int: optional(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
    float: optional(fc.double()),
    floats: fc.array(fc.double()),
    numeric: optional(fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.constant("1.5e-20"))),
    at: optional(fc.oneof(date, fc.constant("2026-01-02T03:04:05.123456+01:30"))),
    day: optional(fc.oneof(day, fc.constant("2026-01-02"))),
    bytes: optional(fc.uint8Array()),
    json: optional(fc.jsonValue({ stringUnit: "grapheme" })),
    records: fc.array(fc.record({ bytes: optional(fc.uint8Array()), at: optional(date) })),
  });
  fc.assert(
    fc.property(row, (given) => {
      const spooled: unknown = JSON.parse(JSON.stringify(toSpooled(fields, given)));
      const encoded = encoder.encode(given);
      expect(encoded).toBeInstanceOf(Uint8Array);
      expect(encoder.encode(fromSpooled(fields, spooled as Record<string, unknown>))).toEqual(encoded);
    }),
    { numRuns: runs(125) },
  );
});
