import { checkChange } from "../../../evolution/plan/check-change";
import { diffColumns } from "../../../cli/report/plan/column-diff";
import { PlanOverviewBuilder } from "../../../cli/report/plan/plan-overview";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { change, type Change } from "../../support/terraform-plan";

const COLUMNS = [
  { name: "id", type: "STRING", mode: "REQUIRED" },
  { name: "note", type: "STRING" },
];

function table(tenant: string, columns: readonly object[] = COLUMNS, more: object = {}) {
  return {
    table_id: "runs",
    dataset_id: `${tenant}_metadata`,
    schema: JSON.stringify(columns),
    deletion_protection: true,
    labels: { environment: "dev", tenant },
    ...more,
  };
}

function overviewOf(changes: readonly Change[], name = "plan", fallback?: string) {
  const builder = new PlanOverviewBuilder();
  for (const one of changes) {
    const planned = PlannedChange.parse(one);
    builder.add(planned, checkChange(planned), fallback);
  }
  builder.endPlan(name);
  return builder.build();
}

describe("the overview of a plan", () => {
  test("groups tenants to which the same happens, and names what differs", () => {
    const dropped = COLUMNS.slice(0, 1);
    const overview = overviewOf([
      change("google_bigquery_table.a__runs", ["update"], table("a"), table("a", dropped)),
      change("google_bigquery_table.b__runs", ["update"], table("b"), table("b", dropped)),
      change("google_bigquery_table.c__runs", ["update"], table("c"), table("c", COLUMNS, { description: "Runs" })),
      change("google_bigquery_table.d__runs", ["no-op"], table("d"), table("d")),
    ]);
    expect(overview).toMatchInlineSnapshot(`
{
  "environments": [
    {
      "counts": [
        {
          "count": 2,
          "kind": "table",
          "outcome": "column dropped",
        },
        {
          "count": 1,
          "kind": "table",
          "outcome": "changed",
        },
      ],
      "name": "dev",
    },
  ],
  "groups": [
    {
      "changes": [
        {
          "attributes": [],
          "columns": [
            {
              "also": [],
              "before": "STRING NULLABLE",
              "column": "note",
            },
          ],
          "kind": "table",
          "outcome": "column dropped",
          "shape": "1 columns, not partitioned",
          "table": "runs",
        },
      ],
      "environment": "dev",
      "tenants": [
        "a",
        "b",
      ],
    },
    {
      "changes": [
        {
          "attributes": [
            {
              "after": ""Runs"",
              "before": "none",
              "name": "description",
            },
          ],
          "columns": [],
          "kind": "table",
          "outcome": "changed",
          "shape": "2 columns, not partitioned",
          "table": "runs",
        },
      ],
      "environment": "dev",
      "tenants": [
        "c",
      ],
    },
  ],
}
`);
  });

  test("puts grants in the environment of their plan's tables, whichever comes first", () => {
    const grant = {
      table_id: "runs",
      role: "roles/bigquery.dataViewer",
      member: "group:a@example.com",
    };
    const { groups } = overviewOf([
      change("google_bigquery_table_iam_member.acme__runs__reader__x", ["create"], null, grant),
      change("google_bigquery_table.acme__runs", ["create"], null, table("acme")),
    ]);
    expect(groups).toMatchObject([
      {
        environment: "dev",
        tenants: ["acme"],
        changes: [{ kind: "table" }, { kind: "grant", grant: { verb: "reads" } }],
      },
    ]);
  });

  test("names a plan without labels by the environment given, else by its file", () => {
    const bare = [change("google_bigquery_dataset.a", ["create"], null, { location: "EU" })];
    expect(overviewOf(bare, "metadata-dev").environments.map(({ name }) => name)).toEqual(["metadata-dev"]);
    expect(overviewOf(bare, "metadata-dev", "dev").environments.map(({ name }) => name)).toEqual(["dev"]);
    expect(overviewOf([], "metadata-dev")).toEqual({
      environments: [{ name: "metadata-dev", counts: [] }],
      groups: [],
    });
  });

  test.each([
    [["create"], "created"],
    [["delete"], "destroyed"],
    [["delete", "create"], "replaced"],
    [["create", "delete"], "replaced"],
    [["forget"], "forgotten"],
    [["update"], "changed"],
  ] as const)("calls %j %s", (actions, outcome) => {
    const [before, after] = [table("a"), table("a", COLUMNS, { description: "Runs" })];
    const one = change(
      "google_bigquery_table.a__runs",
      actions,
      actions[0] === "create" && actions.length === 1 ? null : before,
      after,
    );
    expect(overviewOf([one]).groups[0]?.changes[0]?.outcome).toBe(outcome);
  });

  test("keeps what belongs to no tenant apart, and leaves data sources out", () => {
    const { groups } = overviewOf([
      change("terraform_data.runs_generation", ["create"], null, { input: 1 }),
      change("google_bigquery_table.a__runs", ["read"], null, table("a")),
    ]);
    expect(groups).toMatchObject([
      { tenants: [], changes: [{ kind: "other", table: "terraform_data.runs_generation" }] },
    ]);
  });

  test("shows no sensitive value, and no value that is only not known yet", () => {
    const one = change(
      "google_bigquery_table.a__runs",
      ["update"],
      table("a"),
      table("a", COLUMNS, { description: "s3cret" }),
    );
    const { groups } = overviewOf([
      {
        ...one,
        change: {
          ...one.change,
          after_sensitive: { description: true },
          after_unknown: { etag: true, num_rows: true },
        },
      },
    ]);
    expect(JSON.stringify(groups)).not.toContain("s3cret");
    expect(groups[0]?.changes[0]?.attributes).toEqual([
      { name: "description", before: "(sensitive)", after: "(sensitive)" },
    ]);
  });
});

describe("the difference between two lists of columns", () => {
  test("goes to every depth, new order first, dropped ones last", () => {
    const before = [
      { name: "gone", type: "STRING" },
      {
        name: "kept",
        type: "RECORD",
        fields: [
          { name: "inner", type: "STRING" },
          { name: "old", type: "DATE" },
        ],
      },
      { name: "wider", type: "INTEGER", mode: "REQUIRED", description: "d" },
    ];
    const after = [
      { name: "new", type: "JSON" },
      { name: "kept", type: "RECORD", fields: [{ name: "inner", type: "STRING", description: "said" }] },
      { name: "wider", type: "NUMERIC", mode: "NULLABLE", description: "d", defaultValueExpression: "0" },
    ];
    expect(diffColumns(before, after)).toEqual([
      { column: "new", after: "JSON NULLABLE", also: [] },
      { column: "kept.inner", before: "STRING NULLABLE", after: "STRING NULLABLE", also: ["description"] },
      { column: "wider", before: "INTEGER REQUIRED", after: "NUMERIC NULLABLE", also: ["default value"] },
      { column: "gone", before: "STRING NULLABLE", also: [] },
      { column: "kept.old", before: "DATE NULLABLE", also: [] },
    ]);
    expect(diffColumns(before, before)).toEqual([]);
  });
});
