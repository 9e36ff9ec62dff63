import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { keysDiagram } from "../../../cli/report/plan/page/diagram";
import { html } from "../../../cli/report/html-template";
import type { PlanWords } from "../../../cli/report/plan/plan-words";
import { planMarkdown } from "../../../cli/report/plan/plan-markdown";
import type { JudgedFinding } from "../../../evolution/allowances/judge";
import { finding } from "../../../evolution/catalogue/finding";
import type { PlanOverview, TenantGroup } from "../../../cli/report/plan/plan-overview";
import { configFolder, temporaryFolder, VALID } from "../../support/config-folder";
import { MINIMAL_TABLE } from "../../support/resolved";
import { run } from "../../support/run-program";
import { change, type Change, planJson } from "../../support/terraform-plan";

const COLUMNS = [
  { name: "run_id", type: "STRING", mode: "REQUIRED" },
  { name: "note", type: "STRING", mode: "NULLABLE" },
];

function table(tenant: string, columns: readonly object[] = COLUMNS) {
  return {
    table_id: "runs",
    schema: JSON.stringify(columns),
    deletion_protection: true,
    time_partitioning: [{ type: "DAY", field: "started_at" }],
    clustering: ["status"],
    labels: { environment: "prod", tenant },
  };
}

function plan(changes: readonly Change[]): string {
  const file = path.join(temporaryFolder(), "plan.json");
  writeFileSync(file, planJson(changes));
  return file;
}

const ONBOARDING = [
  change("google_bigquery_dataset.acme", ["create"], null, {
    location: "EU",
    labels: { environment: "prod", tenant: "acme" },
  }),
  change("google_bigquery_table.acme__runs", ["create"], null, table("acme")),
  change("google_bigquery_table_iam_member.acme__runs__reader__x", ["create"], null, {
    table_id: "runs",
    role: "roles/bigquery.dataViewer",
    member: "group:readers@example.com",
  }),
];

const DROP = ["acme", "globex"].map((tenant) =>
  change(`google_bigquery_table.${tenant}__runs`, ["update"], table(tenant), table(tenant, COLUMNS.slice(0, 1))),
);

const group = (index: number): TenantGroup => ({
  environment: "prod",
  tenants: [`tenant_${index}`],
  changes: [
    {
      kind: "table",
      outcome: "changed",
      table: `table_${index}`,
      shape: "",
      columns: [{ column: "c".repeat(50), after: "STRING NULLABLE", also: [] }],
      attributes: [],
    },
  ],
});

const key = (from: string, to: string) => ({
  ...MINIMAL_TABLE,
  tableId: from,
  tableConstraints: {
    foreignKeys: [
      {
        referencedTable: { tableId: to },
        columnReferences: [{ referencingColumn: "note", referencedColumn: "note" }],
      },
    ],
  },
});

const overview = (count: number): PlanOverview => ({
  environments: [{ name: "prod", counts: [{ outcome: "changed", kind: "table", count }] }],
  groups: Array.from({ length: count }, (_, index) => group(index)),
});

const WORDS: PlanWords = { access: [], lookedAt: "Looked at them." };

describe("plan summary", () => {
  test("sums up a new tenant for a terminal", async () => {
    expect(await run(["plan", "summary", plan(ONBOARDING)])).toMatchInlineSnapshot(`
{
  "code": 0,
  "stderr": "",
  "stdout": "Access
  group:readers@example.com may read runs of acme in prod

prod  1 dataset, 1 table, 1 grant created
  acme  1 dataset, 1 table, 1 grant created

No finding needs a look.
Looked at 3 resources in the plan: 0 datasets and 0 tables destroyed, 0 tables replaced, 0 columns dropped, 0 other resources destroyed, 1 table created, 0 tables updated, 1 grant added, 0 widened, 0 removed.
",
}
`);
  });

  test("sums it up as a comment", async () => {
    expect((await run(["plan", "summary", plan(ONBOARDING), "--markdown"])).stdout).toMatchSnapshot();
  });

  test("shows a dropped column on top, for all tenants together", async () => {
    const { code, stdout } = await run(["plan", "summary", plan(DROP), "--markdown"]);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  test("says which allowance lets a finding pass", async () => {
    const folder = configFolder({
      ...VALID,
      "allowances/drop.json": {
        code: "column-dropped",
        environment: "prod",
        tenant: "*",
        table: "runs",
        reason: "The note was never used.",
        expires: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
      },
    });
    const page = path.join(temporaryFolder(), "plan.html");
    const { stdout } = await run(["plan", "summary", plan(DROP), "--markdown", "--html", page], folder);
    expect(stdout).toContain("drop-column<br>breaks writers<br>allowed");
    expect(readFileSync(page, "utf8")).toContain("Allowed by allowances/drop.json.");
  });

  test("says so when nothing changes", async () => {
    const { stdout } = await run(["plan", "summary", plan([]), "--markdown", "--environment", "prod"]);
    expect(stdout).toMatchInlineSnapshot(`
"<!-- tenant-metadata: plan -->
## Plan: no changes

No finding needs a look. Looked at 0 resources in the plan: 0 datasets and 0 tables destroyed, 0 tables replaced, 0 columns dropped, 0 other resources destroyed, 0 tables created, 0 tables updated, 0 grants added, 0 widened, 0 removed.

"
`);
  });

  test("gives several plans together as JSON", async () => {
    const { stdout } = await run(["plan", "summary", plan(ONBOARDING), plan(DROP), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      environments: [{ name: "prod", counts: [{ outcome: "column dropped" }, {}, {}, {}] }],
    });
  });

  test("names the file that is no plan, and writes no page", async () => {
    const page = path.join(temporaryFolder(), "plan.html");
    const file = path.join(temporaryFolder(), "plan.out");
    writeFileSync(file, "{}");
    const { code, stderr } = await run(["plan", "summary", file, "--html", page]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file} is JSON, but not a Terraform plan.`);
    expect(existsSync(page)).toBe(false);
  });
});

describe("the comment", () => {
  test.each([
    [10, "column `ccc", true],
    [500, "- **tenant_499**: 1 table changed", true],
    [5000, "The changes are too many for a comment", true],
    [5000, "500 tables", false],
  ])("degrades from details to counts: %i groups", (count, expected, isThere) => {
    const text = planMarkdown(overview(count), [], WORDS);
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text.includes(expected)).toBe(isThere);
    expect(text).toContain(`| **prod** | ${count} tables |`);
  });

  test("fits with any number of findings, which it counts", () => {
    const findings: readonly JudgedFinding[] = Array.from({ length: 2000 }, (_, index) => ({
      ...finding("column-dropped", {
        table: `table_${index}`,
        path: "schema.fields.a",
        message: "m".repeat(80),
        remedy: "r",
      }),
      environment: "prod",
      tenant: `tenant_${index}`,
    }));
    const text = planMarkdown(overview(500), findings, WORDS);
    expect(text.length).toBeLessThanOrEqual(65_000);
    expect(text).toMatch(/… and \d+ more: \d+ drop-column\./);
  });

  test("keeps names from becoming markup", () => {
    const [first] = overview(1).groups;
    if (first === undefined) throw new Error("There is one group.");
    const text = planMarkdown({ ...overview(1), groups: [{ ...first, tenants: ["<b>|@everyone"] }] }, [], WORDS);
    expect(text).not.toContain("<b>|@everyone");
    expect(text).toContain("&#60;b&#62;&#124;@&#8203;everyone");
  });
});

describe("the page", () => {
  test("escapes what a plan may hold, wherever it stands", async () => {
    const page = path.join(temporaryFolder(), "plan.html");
    const evil = `<script>alert("1")</script>'`;
    const changes = [
      change("google_bigquery_dataset.acme", ["create"], null, {
        location: evil,
        labels: { environment: evil, tenant: evil },
      }),
      change("google_bigquery_table.acme__runs", ["update"], table("acme"), {
        ...table("acme", [...COLUMNS, { name: evil, type: evil }]),
        description: evil,
      }),
    ];
    await run(["plan", "summary", plan(changes), "--html", page]);
    const text = readFileSync(page, "utf8");
    expect(text).not.toContain(evil);
    expect(text.match(/<script/g)).toHaveLength(1);
  });

  test("says what it looked at and counted, and no more", async () => {
    const page = path.join(temporaryFolder(), "plan.html");
    await run(["plan", "summary", plan(ONBOARDING), "--html", page]);
    expect(readFileSync(page, "utf8")).toContain(
      "0 datasets and 0 tables destroyed, 0 tables replaced, 0 columns dropped, 0 other resources destroyed, 1 table created, 0 tables updated, 1 grant added, 0 widened, 0 removed.",
    );
  });

  test("escapes values of the template, and keeps its own markup", () => {
    expect(html`<p title="${'"<&>'}">${"a<b"} ${html`<b>${1}</b>`}${[html`<i>x</i>`]}</p>`.text).toBe(
      '<p title="&quot;&lt;&amp;&gt;">a&lt;b <b>1</b><i>x</i></p>',
    );
  });
});

describe("the diagram", () => {
  test("draws every table, and an arrow for every key, described in words", () => {
    const { text } = keysDiagram([MINIMAL_TABLE, key("steps", "notes"), key("checks", "steps")]);
    expect(text.match(/data-table="\w+"/g)).toEqual([
      'data-table="notes"',
      'data-table="steps"',
      'data-table="checks"',
    ]);
    expect(text.match(/marker-end/g)).toHaveLength(2);
    expect(text).toContain("steps.note refers to notes.note; checks.note refers to steps.note.");
  });

  test("comes to an end when keys go in a circle, or to the table itself", () => {
    expect(keysDiagram([key("a", "b"), key("b", "a"), key("c", "c")]).text).toContain('data-table="c"');
  });
});
