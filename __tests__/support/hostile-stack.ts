import { readFileSync } from "node:fs";
import { App, Testing } from "cdktf";
import fc from "fast-check";
import { synthesizeStacks } from "../../constructs/synth/synthesize-stacks";
import type { TableDefinition } from "../../model/formats/table-definition";
import type { StackAssignment } from "../../model/resolve";
import { textProblem } from "../../model/text";
import { temporaryFolder } from "./config-folder";
import { environment, tenant } from "./resolved";
import { synthesize, type TerraformJson } from "./synth";

/** What Terraform, cdktf, JSON or JavaScript could trip over, in pieces. */
const PIECES = [
  "${",
  "%{",
  "$${",
  "%%{",
  "$",
  "%",
  "{",
  "}",
  "~}",
  "]}",
  '"',
  "\\",
  "\n",
  "\r",
  "\r\n",
  "\uFEFF",
  "\u0600",
  '\u0600", "x": "',
  "\u0D4E",
  "\u{110BD}",
  "\u{11F02}",
  "\u0301",
  "\u200D",
  "\u0903",
  "\u0000",
  "\u2028",
  "/*",
  "//",
  "#",
  "<&>",
  "é",
  "e\u0301",
  "𝕏",
  "local.x",
  "upper(",
  "if true",
  "TfToken[",
  "${TfToken[TOKEN.0]}",
  "#{TfToken[TOKEN.1]}",
  "&{TfToken[TOKEN.2]}",
  "-1.8881545897087503e+289",
  "e+289",
  "1".repeat(200),
];

const WHOLE = [
  '${upper("x")}',
  "%{if true}x%{endif}",
  '${file("/etc/hostname")}',
  "${local.runs_schema}",
  "${google_bigquery_dataset.acme.dataset_id}",
  "${jsonencode(local.runs_schema)}",
  "String Map Token Value",
  "Any Map Token Value",
  "-1.8881545897087503e+289",
  `-${"1".repeat(300)}e-1`,
  "constructor",
  "toString",
  "<unresolved-token>",
];

/** Text made to break out, with whatever else a string may hold. */
const hostileText = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...WHOLE) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", minLength: 1, maxLength: 4 })), {
        minLength: 1,
        maxLength: 8,
      })
      .map((parts) => parts.join(""))
      .filter((text) => textProblem(`<${text}`) === undefined),
  },
);

/** What Terraform keeps of a text that it takes literally. The loader brings texts to NFC as well. */
function asTerraformKeeps(text: string): string {
  return text.normalize("NFC");
}

/** A stack whose every string is what `next` gives, but for the names that addresses are made of. */
function stackOf(next: () => string): {
  readonly assignment: StackAssignment;
  readonly definitions: readonly TableDefinition[];
} {
  const column = (name: string) => ({
    name,
    type: next() as "STRING",
    mode: next() as "NULLABLE",
    description: next(),
    defaultValueExpression: next(),
    policyTags: { names: [next()] },
    allowedValues: [next()],
  });
  const labels = () => ({ [`key_${next()}`]: next() });
  const projectId = next();
  const kmsKeyName = next();
  return {
    assignment: {
      stackName: "metadata-dev",
      environment: environment({ projectId }),
      shard: 0,
      tenants: [
        tenant({
          displayName: next(),
          environment: next(),
          projectId,
          datasetId: next(),
          location: next(),
          labels: labels(),
          readers: [`user:r${next()}`],
          writers: [`user:w${next()}`],
          keyAdmins: [`user:k${next()}`],
          partitionExpirationMs: 86_400_000,
          kmsKeyName,
          declareConstraints: true,
        }),
      ],
    },
    definitions: [
      {
        tableId: "runs",
        description: next(),
        schema: { fields: [{ ...column(next()), fields: [column(next()), column(next())] }, column(next())] },
        timePartitioning: { type: next() as "DAY", field: next() },
        clustering: { fields: [next(), next()] },
        tableConstraints: { primaryKey: { columns: [next()] } },
        labels: labels(),
      },
      {
        tableId: "api_keys",
        access: "keyAdmins",
        schema: { fields: [column(next())] },
        clustering: { fields: [next()] },
        tableConstraints: {
          foreignKeys: [
            {
              name: next(),
              referencedTable: { tableId: "runs" },
              columnReferences: [{ referencingColumn: next(), referencedColumn: next() }],
            },
          ],
        },
      },
    ],
  };
}

/** How many strings {@link stackOf} asks for. */
const STRINGS = countStrings();

function countStrings(): number {
  let count = 0;
  stackOf(() => String(count++));
  return count;
}

/** The texts of one stack. */
export const hostileTexts = fc.array(hostileText, { minLength: STRINGS, maxLength: STRINGS });

/** A stack of these texts. */
export function hostileStack(texts: readonly string[]): ReturnType<typeof stackOf> {
  let index = 0;
  return stackOf(() => texts[index++] ?? "");
}

/** A stack that has a harmless mark in the place of each text. */
export function markedStack(): ReturnType<typeof stackOf> {
  let index = 0;
  return stackOf(() => `<${index++}>`);
}

/** Puts the texts in the place of their marks, in keys and values. */
export function withTexts(marked: unknown, texts: readonly string[]): unknown {
  if (typeof marked === "string") {
    return asTerraformKeeps(marked.replaceAll(/<(\d+)>/g, (_, index: string) => texts[Number(index)] ?? ""));
  }
  if (Array.isArray(marked)) return marked.map((entry: unknown) => withTexts(entry, texts));
  if (typeof marked !== "object" || marked === null) return marked;
  return Object.fromEntries(
    Object.entries(marked).map(([key, entry]) => [withTexts(key, texts), withTexts(entry, texts)]),
  );
}

/** Both ways to synthesize a stack, as parsed JSON, without comments; grants by table and role, since names hold a hash. */
export function bothSyntheses({ assignment, definitions }: ReturnType<typeof stackOf>): readonly TerraformJson[] {
  const app = Testing.stubVersion(new App({ outdir: temporaryFolder(), stackTraces: false }));
  const [fast] = synthesizeStacks(app, { assignments: [assignment], definitions });
  if (fast === undefined) throw new Error("no stack was written");
  return [JSON.parse(readFileSync(fast.file, "utf8")) as TerraformJson, synthesize({ assignment, definitions })].map(
    comparable,
  );
}

function comparable(stack: TerraformJson): TerraformJson {
  const { google_bigquery_table_iam_member: grants = {}, ...resource } = JSON.parse(
    JSON.stringify(stack.resource),
    (key, value: unknown) => (key === "//" ? undefined : value),
  ) as TerraformJson["resource"];
  const grantsByRole = Object.values(grants).map((grant) => [
    `${String(grant["table_id"]).replaceAll(/[${}]/g, "")} ${String(grant["role"])}`,
    grant,
  ]);
  const { locals, output, provider, terraform } = stack;
  return {
    locals,
    output,
    provider,
    terraform,
    resource: { ...resource, grants: Object.fromEntries(grantsByRole) as Record<string, Record<string, unknown>> },
  };
}
