import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { altered, type MigrationStep, stateOn } from "../../evolution/migration/migration-step";
import { planMigration } from "../../evolution/migration/plan-migration";
import type { ComparableColumn, ComparableTable } from "../../model/columns/comparable";
import { compareTable } from "../../evolution/definitions/compare-table";
import { EFFECTS, isWorse, worstEffect } from "../../evolution/catalogue/effect";
import { findingsMarkdown } from "../../cli/report/findings/findings-markdown";
import type { FindingCode } from "../../evolution/catalogue/codes";
import { runs } from "../support/runs";

const names = ["a", "b", "c", "d", "e", "f"];
const types = ["STRING", "INTEGER", "INT64", "NUMERIC", "BIGNUMERIC", "FLOAT", "BOOL", "TIMESTAMP", "JSON"];

const leaf = fc.record(
  {
    type: fc.constantFrom(...types),
    mode: fc.constantFrom("NULLABLE", "REQUIRED", "REPEATED"),
    description: fc.constantFrom("", "one", "two"),
    defaultValueExpression: fc.constantFrom("1", "CURRENT_TIMESTAMP()"),
    allowedValues: fc.subarray(["x", "y", "z"], { minLength: 1 }),
  },
  { requiredKeys: ["type", "mode"] },
);

function columns(depth: number): fc.Arbitrary<ComparableColumn[]> {
  const column =
    depth === 0
      ? leaf
      : fc.oneof(
          { weight: 4, arbitrary: leaf },
          {
            weight: 1,
            arbitrary: fc.record({
              type: fc.constant("RECORD"),
              mode: fc.constantFrom("NULLABLE", "REPEATED"),
              fields: columns(depth - 1),
            }),
          },
        );
  return fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), column), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 6,
    })
    .map((pairs) => pairs.map(([name, rest]) => ({ name, ...rest })));
}

const table: fc.Arbitrary<ComparableTable> = fc
  .record(
    {
      schema: fc.record({ fields: columns(2) }),
      description: fc.constantFrom("", "one"),
      timePartitioning: fc.record(
        {
          type: fc.constantFrom("DAY", "HOUR"),
          field: fc.constantFrom("a", "b"),
          expirationMs: fc.constantFrom("86400000", "172800000"),
        },
        { requiredKeys: ["type", "field"] },
      ),
      clustering: fc.record({ fields: fc.subarray(["a", "b", "c"], { minLength: 1 }) }),
      requirePartitionFilter: fc.boolean(),
      encryptionConfiguration: fc.record({ kmsKeyName: fc.constantFrom("k1", "k2") }),
    },
    { requiredKeys: ["schema"] },
  )
  .map((value) => ({ tableId: "t", ...value }));

/** Two tables that have much in common, which independent ones have not. */
const related = (parts: number) =>
  table.chain((first) =>
    fc.tuple(
      fc.constant(first),
      ...Array.from({ length: parts - 1 }, () =>
        fc.oneof(
          table,
          columns(1).map((fields) => ({ ...first, schema: { fields: [...mix(first.schema.fields, fields)] } })),
        ),
      ),
    ),
  ) as fc.Arbitrary<ComparableTable[]>;

/** `kept` with its namesake replaced by the first of `fresh`, which else is added, and without the second's namesake. */
function mix(kept: readonly ComparableColumn[], fresh: readonly ComparableColumn[]): readonly ComparableColumn[] {
  const [changed, dropped] = fresh;
  if (changed === undefined) return kept;
  const rest = kept.filter(({ name }) => name !== dropped?.name);
  return rest.some(({ name }) => name === changed.name)
    ? rest.map((column) => (column.name === changed.name ? changed : column))
    : [...rest, changed];
}

/** Paths of all columns and nested fields. */
function fieldsOf({
  schema,
}: {
  readonly schema: { readonly fields: readonly ComparableColumn[] };
}): readonly string[] {
  return schema.fields.flatMap((column) => [
    column.name,
    ...fieldsOf({ schema: { fields: column.fields ?? [] } }).map((path) => `${column.name}.${path}`),
  ]);
}

function shuffled(fields: readonly ComparableColumn[]): readonly ComparableColumn[] {
  return [...fields]
    .reverse()
    .map((column) => (column.fields === undefined ? column : { ...column, fields: shuffled(column.fields) }));
}

function effects(old: ComparableTable, now: ComparableTable): readonly string[] {
  return compareTable(old, now)
    .filter(({ code }) => code !== "column-order-changed")
    .map(({ code, path, effect }) => `${code} ${path} ${effect}`)
    .sort();
}

test("a definition against itself gives nothing", () => {
  fc.assert(fc.property(table, (one) => expect(compareTable(one, structuredClone(one))).toEqual([])));
});

test("the effects of a change do not depend on the order of columns", () => {
  fc.assert(
    fc.property(related(2), ([old, now]) => {
      const reordered = {
        ...(now as ComparableTable),
        schema: { fields: shuffled((now as ComparableTable).schema.fields) },
      };
      expect(effects(old as ComparableTable, reordered)).toEqual(
        effects(old as ComparableTable, now as ComparableTable),
      );
    }),
  );
});

/*
 * Two releases are safer than one where dropping and adding are kept apart, or the clustering is changed before a column is
 * dropped. And a column that is gone in between comes back as a new one: its data is lost, but the table is not replaced.
 */
const SAFER_IN_STEPS: ReadonlySet<FindingCode> = new Set(["columns-dropped-and-added", "clustered-column-dropped"]);

test("going by way of another definition is at least as bad as going straight, where that holds", () => {
  fc.assert(
    fc.property(related(3), ([a, b, c]) => {
      const [first, middle, last] = [a, b, c] as [ComparableTable, ComparableTable, ComparableTable];
      fc.pre(fieldsOf(first).every((path) => !fieldsOf(last).includes(path) || fieldsOf(middle).includes(path)));
      const straight = compareTable(first, last).filter(({ code }) => !SAFER_IN_STEPS.has(code));
      const byWay = [...compareTable(first, middle), ...compareTable(middle, last)];
      // A table replaced on the way takes any definition, so what BigQuery would refuse in place is no step of its own.
      const bound = worstEffect(straight) === "rejected" ? "replace-table" : worstEffect(straight);
      expect(isWorse(bound, worstEffect(byWay))).toBe(false);
    }),
    { numRuns: runs(250) },
  );
});

test("what is destructive needs an allowance, and only what loses, opens or unprotects does", () => {
  fc.assert(
    fc.property(related(2), ([old, now]) => {
      for (const { code, effect, needsAllowance } of compareTable(old as ComparableTable, now as ComparableTable)) {
        const isDestructive = EFFECTS.indexOf(effect) >= EFFECTS.indexOf("drop-column");
        const isNamed = ["partition-expiration-shortened", "column-default-changed", "encryption-key-moved"].includes(
          code,
        );
        expect(needsAllowance).toBe(isDestructive || isNamed);
      }
    }),
  );
});

function applyAll(before: ComparableTable, steps: readonly MigrationStep[]): ComparableTable {
  return steps.reduce((current, { alteration }) => altered(current, alteration), before);
}

test("a migration ends at the new definition but for what it says is left", () => {
  fc.assert(
    fc.property(related(2), ([a, b]) => {
      const [old, now] = [a, b] as [ComparableTable, ComparableTable];
      const { steps, left } = planMigration(old, now, { dropColumns: true });
      const after = applyAll(old, steps);
      expect(compareTable(after, now).filter(({ effect }) => effect !== "none")).toEqual(left);
      expect(steps.every(({ alteration }) => stateOn(after, alteration) === "done")).toBe(true);
    }),
  );
});

test("a migration that starts anew after any of its steps runs just the others", () => {
  fc.assert(
    fc.property(related(2), fc.nat(10), ([a, b], done) => {
      const { steps } = planMigration(a as ComparableTable, b as ComparableTable, { dropColumns: true });
      let live = applyAll(a as ComparableTable, steps.slice(0, done));
      for (const [index, { alteration }] of steps.entries()) {
        // A renamed column keeps its description, so the step that puts it back may find nothing to do.
        const isDone = index < done || isDeepStrictEqual(altered(live, alteration), live);
        expect(stateOn(live, alteration)).toBe(isDone ? "done" : "pending");
        if (index >= done) live = altered(live, alteration);
      }
    }),
  );
});

test("the Markdown never exceeds its limit, and counts what it leaves out", () => {
  fc.assert(
    fc.property(related(2), fc.integer({ min: 1500, max: 6000 }), ([old, now], limit) => {
      const findings = compareTable(old as ComparableTable, now as ComparableTable);
      const text = findingsMarkdown("Schema changes", findings, [], limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      const rows = text.split("\n").filter((line) => /^\| (?!Effect|---)/.test(line)).length;
      const rest = Number(/… and (\d+) more/.exec(text)?.[1] ?? 0);
      expect(rows + rest).toBe(findings.length);
    }),
  );
});
