import { bindParameters, parseQuestion, questionSql } from "../../../fleet/questions/question";
import { readQuestions } from "../../../cli/questions/read-questions";

const TEXT = `-- Runs of a pipeline.
-- Newest first.
-- @pipeline: pipeline id, for example daily_orders
-- @days: days back (30)
SELECT pipeline_id FROM \`project.tenant_metadata.pipeline_runs\`
WHERE pipeline_id = @pipeline AND start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL CAST(@days AS INT64) DAY)
`;

test("a question says what it answers and what it takes", () => {
  expect(parseQuestion("of-pipeline", TEXT)).toMatchObject({
    name: "of-pipeline",
    description: "Runs of a pipeline. Newest first.",
    parameters: [
      { name: "pipeline", description: "pipeline id, for example daily_orders" },
      { name: "days", description: "days back", defaultValue: "30" },
    ],
  });
});

test("the documented dataset becomes the tenant's", () => {
  const sql = questionSql(parseQuestion("of-pipeline", TEXT), { projectId: "example-dev", datasetId: "acme_metadata" });
  expect(sql).toContain("FROM `example-dev.acme_metadata.pipeline_runs`");
  expect(sql).not.toContain("tenant_metadata");
});

test.each([
  [
    "SELECT 1",
    "its first line is no comment that says what it answers; it reads no table `project.tenant_metadata.<table>`",
  ],
  ["-- A.\nSELECT @x FROM `project.tenant_metadata.t`", 'it uses @x, which no line "-- @x: …" declares'],
  ["-- A.\n-- @x: what\nSELECT 1 FROM `project.tenant_metadata.t`", "it declares @x and does not use it"],
])("a file that is no question is refused: %j", (text, problem) => {
  expect(() => parseQuestion("wrong", text)).toThrow(`queries/wrong.sql is not usable: ${problem}.`);
});

describe("parameters", () => {
  const question = parseQuestion("of-pipeline", TEXT);

  test("those given win over the defaults", () => {
    expect(bindParameters(question, { pipeline: "daily" })).toEqual({ pipeline: "daily", days: "30" });
    expect(bindParameters(question, { pipeline: "daily", days: "7" })).toEqual({ pipeline: "daily", days: "7" });
  });

  test("one without a value is asked for", () => {
    expect(() => bindParameters(question, {})).toThrow(
      "The question of-pipeline needs a value: --param pipeline=<value> (pipeline id, for example daily_orders).",
    );
  });

  test.each([
    ["pipline", 'The question of-pipeline takes no parameter "pipline". Did you mean pipeline?'],
    ["constructor", 'The question of-pipeline takes no parameter "constructor". It takes pipeline, days.'],
  ])("%s is unknown", (name, message) => {
    expect(() => bindParameters(question, { [name]: "x" })).toThrow(message);
  });
});

describe("queries/", () => {
  test("every question filters the partition of each table, the documented exception aside", () => {
    const columns: Readonly<Record<string, string>> = {
      pipeline_runs: "start_time",
      step_logs: "start_time",
      dq_results: "ingestion_date",
    };
    for (const { name, sql } of readQuestions()) {
      const tables = [...sql.matchAll(/`project\.tenant_metadata\.(\w+)`/g)].map(([, table = ""]) => table);
      for (const table of tables) expect(Object.keys(columns)).toContain(table);
      const filters = [
        ...sql.matchAll(/\b(?:start_time|ingestion_date) (?:>=|=) (?:TIMESTAMP_SUB|DATE_SUB|CURRENT_DATE)\(/g),
      ];
      // The documented join of slowest-steps leaves the runs' partitions open.
      const filtered = name === "slowest-steps" ? tables.length - 1 : tables.length;
      expect({ name, isFiltered: filters.length >= filtered }).toEqual({ name, isFiltered: true });
    }
  });

  test("none reads the keys", () => {
    for (const { sql } of readQuestions()) expect(sql).not.toContain("api_keys");
  });
});
