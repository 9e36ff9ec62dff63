import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { columnsJson, plannedDataset, plannedTable, resourceChange } from "../../support/plan";

const TABLE = "google_bigquery_table";
const DATASET = "google_bigquery_dataset";
const DAY = 86_400_000;

function check(change: Record<string, unknown>) {
  return checkChange(PlannedChange.parse(change));
}

describe("sensitive values", () => {
  test.each([["before_sensitive"], ["after_sensitive"]])("are neither shown nor hinted at: %s", (marks) => {
    const [found] = check(
      resourceChange(
        TABLE,
        ["update"],
        plannedTable(),
        plannedTable({ schema: columnsJson({ without: "error_message" }) }),
        {
          change: { [marks]: { schema: true } },
        },
      ),
    );
    expect(found).toMatchObject({
      code: "column-dropped",
      effect: "drop-column",
      path: "schema",
      message: "The plan changes schema, whose value is sensitive and not shown here.",
    });
    expect(JSON.stringify(found)).not.toContain("error_message");
  });

  test("of a dataset are not shown either", () => {
    const [found] = check(
      resourceChange(DATASET, ["update"], plannedDataset(), plannedDataset({ default_table_expiration_ms: DAY }), {
        change: { after_sensitive: { default_table_expiration_ms: true } },
      }),
    );
    expect(found).toMatchObject({
      code: "dataset-retention-lowered",
      message: "The plan changes default_table_expiration_ms, whose value is sensitive and not shown here.",
    });
  });

  test("hide only what they mark", () => {
    const [found] = check(
      resourceChange(
        TABLE,
        ["update"],
        plannedTable(),
        plannedTable({ schema: columnsJson({ without: "error_message" }) }),
        {
          change: { after_sensitive: { labels: { tenant: true } } },
        },
      ),
    );
    expect(found?.path).toBe("schema.fields.error_message");
  });
});
