import { readFileSync } from "node:fs";
import { type BlockAttributes, isAttribute } from "../../../evolution/plan/attributes/attribute-class";
import { CLASSIFIED_TYPES } from "../../../evolution/plan/attributes/classified-types";

/*
 * `@cdktf/provider-google` is generated from the schema of the google provider 6.50 itself, so its code tells every attribute
 * that there is; what only 7.x has is told by nothing that can be had without the registry.
 */
const source = (type: string) =>
  readFileSync(
    require.resolve(`@cdktf/provider-google/lib/${type.replace("google_", "").replaceAll("_", "-")}/index.js`),
    "utf8",
  );

/** Paths of all attributes that a resource takes or computes. */
function attributesOf(code: string): readonly string[] {
  const inputs = /synthesizeAttributes\(\) \{\s*return \{([^}]*)\}/.exec(code)?.[1] ?? "";
  const main = code.slice(code.lastIndexOf("extends cdktf.TerraformResource"));
  const computed = [...main.matchAll(/this\.get\w+Attribute\('(\w+)'\)|new cdktf\.\w+\(this, ['"](\w+)['"]/g)].map(
    ([, one, other]) => one ?? other ?? "",
  );
  return [...new Set([...pathsOf(code, inputs), ...computed])].sort();
}

function pathsOf(code: string, body: string): readonly string[] {
  return [...body.matchAll(/^\s*(\w+): (.*),$/gm)].flatMap(([, name = "", value = ""]) => {
    const nested = /\b(\w+)ToTerraform\b/.exec(value.replaceAll(/cdktf\.\w+/g, ""))?.[1];
    if (nested === undefined) return [name];
    const inner = new RegExp(`function ${nested}ToTerraform\\(struct\\) \\{[\\s\\S]*?return \\{([^}]*)\\}`).exec(
      code,
    )?.[1];
    return [name, ...pathsOf(code, inner ?? "").map((path) => `${name}.${path}`)];
  });
}

function classified(described: BlockAttributes, prefix = ""): readonly string[] {
  return Object.entries(described).flatMap(([name, inner]) => [
    prefix + name,
    ...(isAttribute(inner) ? [] : classified(inner, `${prefix}${name}.`)),
  ]);
}

const TYPES = [...CLASSIFIED_TYPES.keys()].filter((type) => !/terraform_data|datapolicyv2|routine_iam/.test(type));

test.each(TYPES)("every attribute of %s has a class", (type) => {
  const own = new Set(classified(CLASSIFIED_TYPES.get(type) ?? {}));
  const known = attributesOf(source(type));
  expect(known.length).toBeGreaterThan(4);
  expect(known.filter((path) => !own.has(path))).toEqual([]);
});

/** Computed inside a block, which the generated code does not show there. */
const COMPUTED = ["encryption_configuration.kms_key_version"];
/** What 7.x added to resources that 6.50 has, read in v7.45.0. */
const SINCE_7 = [
  "deletion_policy",
  "external_data_configuration.csv_options.source_column_match",
  "external_data_configuration.decimal_target_types",
];

test.each(TYPES)("every class of %s is of an attribute that there is", (type) => {
  const known = new Set(attributesOf(source(type)));
  const invented = classified(CLASSIFIED_TYPES.get(type) ?? {}).filter(
    (path) => !known.has(path) && ![...COMPUTED, ...SINCE_7].includes(path),
  );
  expect(invented).toEqual([]);
});
