import * as fc from "fast-check";
import type { Column, TableDefinition } from "../../model/formats/table-definition";
import { MetadataLogger } from "../../runtime/logger/metadata-logger";
import { newTenantContext } from "./support/contexts";
import { type LocalBigQuery, startLocalBigQuery } from "./support/local-bigquery";

/** Columns within columns. The other emulator shows a RECORD as a STRING, so that nothing is proven there. */
const LINE: readonly Column[] = [
  { name: "sku", type: "STRING", mode: "NULLABLE" },
  { name: "count", type: "INTEGER", mode: "NULLABLE" },
  { name: "prices", type: "FLOAT", mode: "REPEATED" },
  { name: "seller", type: "RECORD", mode: "NULLABLE", fields: [{ name: "name", type: "STRING", mode: "NULLABLE" }] },
];
const TABLE: TableDefinition = {
  tableId: "orders",
  schema: {
    fields: [
      { name: "id", type: "INTEGER", mode: "REQUIRED" },
      { name: "tags", type: "STRING", mode: "REPEATED" },
      { name: "numbers", type: "INTEGER", mode: "REPEATED" },
      { name: "first_line", type: "RECORD", mode: "NULLABLE", fields: [...LINE] },
      { name: "lines", type: "RECORD", mode: "REPEATED", fields: [...LINE] },
    ],
  },
};

/** The emulator's storage takes no NUL. */
const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
const integer = fc.integer();
const line = fc.record(
  {
    sku: text,
    count: integer,
    prices: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 3 }),
    seller: fc.record({ name: text }),
  },
  { requiredKeys: ["sku"] },
);
const rows = fc.array(
  fc.record(
    {
      tags: fc.array(text, { maxLength: 3 }),
      numbers: fc.array(integer, { maxLength: 3 }),
      first_line: line,
      lines: fc.array(line, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
  { minLength: 1, maxLength: 20 },
);

let emulator: LocalBigQuery;

beforeAll(async () => {
  emulator = await startLocalBigQuery();
}, 300_000);

afterAll(async () => emulator.stop());

test("RECORD and REPEATED columns read back as they were given", async () => {
  const { context, tenantId } = newTenantContext({
    tables: [TABLE],
    address: { restUrl: emulator.endpoint, grpcAddress: emulator.grpcAddress },
  });
  const { projectId, datasetId } = context.tenants.get(tenantId)!;
  const logger = new MetadataLogger(context, tenantId);
  let next = 0;
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const first = next;
      next += values.length;
      await logger.insert(
        "orders",
        values.map((value, index) => ({ id: first + index, ...value })),
      );
      const read = await emulator.query(
        projectId,
        `SELECT TO_JSON_STRING(tags), TO_JSON_STRING(numbers), TO_JSON_STRING(first_line), TO_JSON_STRING(lines) FROM \`${projectId}.${datasetId}.orders\`
        WHERE id >= ${first} ORDER BY id`,
      );
      expect(read.map(parse)).toEqual(values.map(stored));
    }),
    { numRuns: 25 },
  );
  await logger.close();
});

type Line = typeof line extends fc.Arbitrary<infer T> ? T : never;
type Row = (typeof rows extends fc.Arbitrary<infer T extends readonly unknown[]> ? T : never)[number];

/** The emulator keeps an empty array as NULL, which BigQuery reads as an empty array. */
function parse(columns: readonly (string | null)[]) {
  const [tags, numbers, first, lines] = columns.map((json) => JSON.parse(json ?? "null") as unknown);
  return [tags ?? [], numbers ?? [], first && parseLine(first), ((lines ?? []) as readonly unknown[]).map(parseLine)];
}

function parseLine(value: unknown) {
  return { ...(value as Line), prices: (value as Line).prices ?? [] };
}

/** A column left out is NULL, or empty where it is REPEATED. */
function stored({ tags = [], numbers = [], first_line: first, lines = [] }: Row) {
  return [tags, numbers, first === undefined ? null : storedLine(first), lines.map(storedLine)];
}

function storedLine({ sku, count, prices = [], seller }: Line) {
  // JSON has no negative zero.
  return { sku, count: count ?? null, prices: prices.map((price) => price + 0), seller: seller ?? null };
}
