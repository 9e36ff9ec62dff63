import { canonicalRole } from "../../../evolution/access/grant";
import { permissionInWords } from "../../../evolution/access/words";
import { checkChange } from "../../../evolution/plan/check-change";
import { because } from "../../../evolution/plan/destroyed";
import { actionOf, PlannedChange } from "../../../evolution/plan/planned-change";
import { isWidening } from "../../../model/columns/column-types";
import { liveColumns } from "../../../runtime/tables/schema-difference";
import { columnsJson, plannedTable, resourceChange } from "../../support/plan";

const TABLE = "google_bigquery_table";
const read = (change: object) => PlannedChange.parse(change);

/** What every object of JavaScript inherits: none of it is an action, a type, a role or an attribute of ours. */
describe.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])("%s in a plan", (name) => {
  test("is an action that nobody knows, and is refused", () => {
    const planned = read(resourceChange(TABLE, [name], plannedTable(), plannedTable()));
    expect(() => actionOf(planned)).toThrow(`unknown actions ["${name}"]`);
    expect(() => checkChange(planned)).toThrow("Update tenant-metadata before you rely on this plan");
  });

  test("is a type that nobody has classified", () => {
    const found = checkChange(read(resourceChange(name, ["update"], { grantees: ["a"] }, { grantees: ["b"] })));
    expect(found.map(({ code }) => code)).toEqual(["resource-unclassified"]);
  });

  test("is a role that may be anything, and a reason as it is written", () => {
    expect(canonicalRole(name)).toBe(name);
    expect(permissionInWords({ member: "group:a@example.com", role: name })).toBe(
      `group:a@example.com may use ${name} on`,
    );
    const member = { role: name, member: "group:a@example.com", table_id: "runs" };
    const found = checkChange(read(resourceChange(`${TABLE}_iam_member`, ["create"], null, member)));
    expect(found.map(({ code }) => code)).toContain("powerful-role-granted");
    const gone = read({ ...resourceChange(TABLE, ["delete"], plannedTable(), null), action_reason: name });
    expect(because(gone)).toBe(name);
  });

  test("is a column's type that is no other, neither wider nor another spelling", () => {
    const [before, after] = [name, "STRING"].map((type) => ({ schema: columnsJson({ plus: { name: "x", type } }) }));
    const planned = read(resourceChange(TABLE, ["update"], plannedTable(before), plannedTable(after)));
    expect(checkChange(planned).map(({ code }) => code)).toContain("column-type-changed");
    expect(isWidening(name as "STRING", "STRING")).toBe(false);
    // Spelled as REST spells types: in capitals.
    expect(liveColumns([{ name: "x", type: name }])[0]?.type).toBe(name.toUpperCase());
  });
});

// No provider has an attribute `__proto__`: what reads the plan's JSON passes it over.
test.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
  "%s is an attribute that nobody has classified, sensitive or not",
  (name) => {
    const after = { ...plannedTable(), [name]: "x" };
    for (const marks of [{}, { after_sensitive: true }]) {
      const planned = read(resourceChange(TABLE, ["update"], plannedTable(), after, { change: marks }));
      expect(checkChange(planned).map(({ code }) => code)).toContain("attribute-unclassified");
    }
  },
);
