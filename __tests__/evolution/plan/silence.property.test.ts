import fc from "fast-check";
import {
  type AttributeClass,
  type BlockAttributes,
  classOf,
  isAttribute,
} from "../../../evolution/plan/attributes/attribute-class";
import { CLASSIFIED_TYPES } from "../../../evolution/plan/attributes/classified-types";
import { checkChange } from "../../../evolution/plan/check-change";
import { PlannedChange } from "../../../evolution/plan/planned-change";
import { columnsJson, resourceChange } from "../../support/plan";
import { runs } from "../../support/runs";

interface Leaf {
  readonly type: string;
  /** Blocks and at last the attribute. */
  readonly path: readonly string[];
  readonly class: AttributeClass;
  readonly default: unknown;
}

function leavesOf(type: string, described: BlockAttributes, path: readonly string[] = []): readonly Leaf[] {
  return Object.entries(described).flatMap(([name, inner]) =>
    isAttribute(inner)
      ? [
          {
            type,
            path: [...path, name],
            class: classOf(inner),
            default: typeof inner === "string" ? undefined : inner.default,
          },
        ]
      : leavesOf(type, inner, [...path, name]),
  );
}

const LEAVES = [...CLASSIFIED_TYPES].flatMap(([type, described]) => leavesOf(type, described));
const DECISIVE = LEAVES.filter((leaf) => leaf.class !== "harmless");

/** Schemas of which no two mean the same. */
const SCHEMAS = [
  columnsJson(),
  columnsJson({ without: "error_message" }),
  columnsJson({ plus: { name: "extra", type: "STRING" } }),
  columnsJson({ plus: { name: "extra", type: "STRING", policyTags: { names: ["tags/1"] } } }),
  columnsJson({ plus: { name: "extra", type: "STRING", dataPolicies: [{ name: "p" }] } }),
  columnsJson({ plus: { name: "extra", type: "STRING", unheardOf: true } }),
  columnsJson({ plus: { name: "extra", type: "RECORD", fields: [{ name: "inner", type: "DATE" }] } }),
];
const members = fc.constantFrom(
  "user:a@example.com",
  "group:b@example.com",
  "allUsers",
  "domain:example.com",
  "gaggle:c",
);
const policies = fc
  .array(
    fc.record({ role: fc.constantFrom("READER", "roles/x"), members: fc.uniqueArray(members, { minLength: 1 }) }),
    {
      minLength: 1,
      maxLength: 2,
    },
  )
  .map((bindings) => JSON.stringify({ bindings }));

/** A value for an attribute: of the right kind where rules read it, of any kind elsewhere. */
function valueOf({ path }: Leaf): fc.Arbitrary<unknown> {
  const name = path.at(-1) ?? "";
  if (name === "schema" && path.length === 1) return fc.constantFrom(...SCHEMAS);
  if (name === "policy_data") return fc.oneof(policies, fc.string({ minLength: 1 }));
  if (name === "member") return members;
  if (["members", "grantees"].includes(name)) return fc.uniqueArray(members, { minLength: 1 });
  if (name === "columns" || name === "clustering")
    return fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 });
  return fc.oneof(
    fc.integer({ min: 1 }),
    fc.constant(true),
    fc.string({ unit: fc.constantFrom("a", "B", "/", "0", "_"), minLength: 1, maxLength: 4 }),
    fc.constantFrom("DELETE", "PREVENT", "ABANDON", "READER", "OWNER", "DAY", "MONTH"),
    fc.constantFrom(null, undefined, false, 0, "", []),
  );
}

/** Puts a value where an attribute is, in blocks that stand in lists as Terraform shows them. */
function put(
  target: Record<string, unknown>,
  [name = "", ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...target, [name]: value };
  const [block = {}] = (target[name] ?? []) as readonly Record<string, unknown>[];
  return { ...target, [name]: [put(block, rest, value)] };
}

/** Attributes that every resource of a type has, so that what is generated is about one that could be. */
const REQUIRED: readonly (readonly [pattern: RegExp, attributes: Record<string, unknown>])[] = [
  [/table$/, { table_id: "t", dataset_id: "d", project: "p", schema: columnsJson() }],
  [/dataset$/, { dataset_id: "d", project: "p", location: "EU" }],
  [/_member$/, { member: "user:z@example.com", role: "roles/bigquery.dataViewer" }],
  [/_binding$/, { members: ["user:z@example.com"], role: "roles/bigquery.dataViewer" }],
];

function base(type: string): Record<string, unknown> {
  return Object.assign({}, ...REQUIRED.filter(([pattern]) => pattern.test(type)).map(([, more]) => more)) as Record<
    string,
    unknown
  >;
}

const isEmpty = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === false ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0);

/** What the provider takes two values for: letters and spellings that it compares as one are one here too. */
function meaning(leaf: Leaf, value: unknown): unknown {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  if (leaf.default !== undefined)
    return (value === null || value === undefined ? JSON.stringify(leaf.default) : JSON.stringify(value)).toUpperCase();
  if (isEmpty(value)) return "absent";
  const name = leaf.path.at(-1) ?? "";
  if (name === "location") return shown.toUpperCase();
  if (name === "role" && typeof value === "string") {
    const known: Readonly<Record<string, string>> = { READER: "viewer", OWNER: "owner" };
    return known[value] ?? value;
  }
  if (["members", "grantees"].includes(name)) return [...(value as readonly string[])].sort();
  if (name === "policy_data") return grantsIn(shown);
  if (/email|domain|iam_member|special_group/.test(name)) return shown.toLowerCase();
  return value;
}

function grantsIn(policy: string): unknown {
  try {
    const { bindings } = JSON.parse(policy) as { bindings: readonly { role: string; members: readonly string[] }[] };
    return [...new Set(bindings.flatMap(({ role, members: all }) => all.map((one) => `${role} ${one}`)))].sort();
  } catch {
    return policy;
  }
}

/** Codes that come whatever an update changes, and so say nothing of it. */
const ALWAYS = ["dataset-access-rewritten", "grant-renewed"];
const say = (change: Record<string, unknown>) =>
  checkChange(PlannedChange.parse(change)).filter(({ code }) => !ALWAYS.includes(code));

const leafWithValues = fc
  .constantFrom(...DECISIVE)
  .chain((leaf) => fc.record({ leaf: fc.constant(leaf), from: valueOf(leaf), to: valueOf(leaf) }));
/** Other attributes of the same resource, which must hide nothing. */
const others = (type: string) =>
  fc
    .array(
      fc
        .constantFrom(...LEAVES.filter((leaf) => leaf.type === type))
        .chain((leaf) => valueOf(leaf).map((value) => ({ leaf, value }))),
      { maxLength: 4 },
    )
    .map((all) => all.reduce((sum, { leaf, value }) => put(sum, leaf.path, value), base(type)));

const changeOfOne = leafWithValues.chain((one) => others(one.leaf.type).map((around) => ({ ...one, around })));

test("no difference of an attribute that is not harmless is ever silent", () => {
  fc.assert(
    fc.property(
      changeOfOne,
      fc.constantFrom<readonly string[]>(["update"], ["delete", "create"]),
      ({ leaf, from, to, around }, actions) => {
        fc.pre(JSON.stringify(meaning(leaf, from)) !== JSON.stringify(meaning(leaf, to)));
        const change = resourceChange(leaf.type, actions, put(around, leaf.path, from), put(around, leaf.path, to));
        expect(say(change)).not.toEqual([]);
      },
    ),
    { numRuns: runs(300) },
  );
});

test("no value that is known only at apply is silent, wherever the mark stands", () => {
  const marks = fc.tuple(changeOfOne, fc.nat({ max: 4 }), fc.constantFrom<readonly string[]>(["update"], ["create"]));
  fc.assert(
    fc.property(marks, ([{ leaf, from, around }, depth, actions]) => {
      const path = leaf.path.slice(0, Math.max(1, leaf.path.length - depth));
      const change = resourceChange(
        leaf.type,
        actions,
        actions[0] === "create" ? null : put(around, leaf.path, from),
        around,
        {
          change: { after_unknown: put({}, path, true) },
        },
      );
      const unknown = say(change).filter(({ code }) => code === "value-unknown");
      expect(unknown.map((found) => found.path)).toContain(path.join("."));
    }),
    { numRuns: runs(200) },
  );
});

test("no attribute that nobody has classified is silent, at any depth", () => {
  const name = fc.stringMatching(/^[a-z]{3,8}_unheard$/);
  fc.assert(
    fc.property(
      changeOfOne,
      name,
      fc.constantFrom<readonly string[]>(["update"], ["create"]),
      ({ leaf, around }, unheard, actions) => {
        const path = [...leaf.path.slice(0, -1), unheard];
        const change = resourceChange(
          leaf.type,
          actions,
          actions[0] === "create" ? null : around,
          put(around, path, "x"),
        );
        expect(say(change).map(({ code, path: place }) => `${code} ${place}`)).toContain(
          `attribute-unclassified ${path.join(".")}`,
        );
      },
    ),
    { numRuns: runs(100) },
  );
});

test("no sensitive value is shown, and none is silent", () => {
  fc.assert(
    fc.property(changeOfOne, fc.constantFrom("before_sensitive", "after_sensitive"), ({ leaf, around }, marks) => {
      fc.pre(
        !["schema", "policy_data", "members", "grantees", "columns", "clustering"].includes(leaf.path.at(-1) ?? ""),
      );
      const change = resourceChange(
        leaf.type,
        ["update"],
        put(around, leaf.path, "kept-s3cret-a"),
        put(around, leaf.path, "kept-s3cret-b"),
        {
          change: { [marks]: put({}, leaf.path, true) },
        },
      );
      const found = say(change);
      expect(found).not.toEqual([]);
      expect(JSON.stringify(found)).not.toContain("s3cret");
    }),
    { numRuns: runs(140) },
  );
});

test("no destroy or replacement is silent, of any type of any provider", () => {
  const type = fc.oneof(
    fc.constantFrom(...CLASSIFIED_TYPES.keys()),
    fc.stringMatching(/^[a-z]{2,8}(?:_[a-z]{2,8}){1,3}$/),
  );
  fc.assert(
    fc.property(
      type,
      fc.constantFrom(["delete"], ["delete", "create"], ["create", "delete"]),
      fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
      (name, actions, attributes) => {
        const before = { ...attributes, ...base(name) };
        const found = checkChange(
          PlannedChange.parse(resourceChange(name, actions, before, actions.length === 1 ? null : before)),
        );
        expect(found).not.toEqual([]);
      },
    ),
  );
});
