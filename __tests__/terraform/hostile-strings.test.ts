import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { temporaryFolder } from "../support/config-folder";
import { bothSyntheses, hostileStack, hostileTexts, markedStack, withTexts } from "../support/hostile-stack";
import type { TerraformJson } from "../support/synth";

jest.setTimeout(300_000);

/*
 * Terraform evaluates whole stacks here. The google provider cannot be had without its registry, so each resource becomes a
 * local: the same JSON, read by the same parser, evaluated as the same templates.
 */

const STACKS = 60;
const [MARKED] = bothSyntheses(markedStack());
const EXPRESSION = /^\$\{(jsonencode\()?(local|google_\w+)\.(\w+)(?:\.\w+)?\)?\}$/;

describe("Terraform", () => {
  test("gives back every string of a configuration as it went in, and evaluates none", () => {
    const samples = fc.sample(hostileTexts, STACKS);
    const stacks = samples.flatMap((texts) => bothSyntheses(hostileStack(texts)).map((stack) => ({ texts, stack })));
    const evaluated = evaluate(stacks.map(({ stack }, index) => asLocals(stack, index)));
    for (const [index, { texts }] of stacks.entries()) {
      expect(evaluated[index]).toEqual(withTexts(expected(MARKED), texts));
    }
  });

  test("would evaluate them if they were not escaped", () => {
    expect(evaluate([{ plain: '${upper("x")}', escaped: '$${upper("x")}' }])).toEqual([
      { plain: "X", escaped: '${upper("x")}' },
    ]);
  });
});

/** The parts of a stack, by name; references lead to the locals that stand for what they name. */
function asLocals(stack: TerraformJson | undefined, index: number): Record<string, unknown> {
  return JSON.parse(JSON.stringify(parts(stack)), (_, value: unknown) =>
    typeof value === "string"
      ? value.replace(EXPRESSION, (expression, _encode, kind: string, name: string) =>
          expression.replace(`${kind}.${name}`, `local.stack_${index}_${kind === "local" ? name : `${kind}_${name}`}`),
        )
      : value,
  ) as Record<string, unknown>;
}

function parts(stack: TerraformJson | undefined): Record<string, unknown> {
  const { locals, output, provider, resource = {} } = stack ?? {};
  const { grants, terraform_data: _, ...resources } = resource;
  const byAddress = Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => [`${type}_${name}`, attributes] as const),
  );
  return { ...locals, ...Object.fromEntries(byAddress), grants, tenants: output?.["tenants"]?.value, provider };
}

/** What Terraform shall make of the marked stack: our own expressions resolved, everything else as it stands. */
function expected(stack: TerraformJson | undefined): unknown {
  const all = parts(stack);
  return JSON.parse(JSON.stringify(all), (_, value: unknown) => {
    const [, encode, kind, name = ""] = (typeof value === "string" && EXPRESSION.exec(value)) || [];
    if (kind === undefined) return value;
    if (encode !== undefined) return { columns: all[name] };
    const { dataset_id: dataset, table_id: table } = all[`${kind}_${name}`] as Record<string, string>;
    return kind === "google_bigquery_dataset" ? dataset : table;
  });
}

/** Evaluates each stack's locals in one run of Terraform. Schemas come back parsed, as `{columns}`. */
function evaluate(stacks: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  const folder = temporaryFolder();
  const locals = stacks.flatMap((stack, index) =>
    Object.entries(stack).map(([name, value]) => [`stack_${index}_${name}`, value] as const),
  );
  const all = Object.fromEntries(locals.map(([name]) => [name, `\${local.${name}}`]));
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ locals: { ...Object.fromEntries(locals), all } }));
  const { status, stdout, stderr } = spawnSync("terraform", ["console"], {
    cwd: folder,
    input: "base64encode(jsonencode(local.all))\n",
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
  });
  const [, encoded] = /"([A-Za-z0-9+/=]+)"/.exec(stdout) ?? [];
  if (status !== 0 || encoded === undefined) throw new Error(`terraform console failed: ${stderr.slice(0, 2000)}`);
  const values = JSON.parse(Buffer.from(encoded, "base64").toString(), (key, value: unknown) =>
    key === "schema" && typeof value === "string" ? { columns: JSON.parse(value) as unknown } : value,
  ) as Record<string, unknown>;
  return stacks.map((stack, index) =>
    Object.fromEntries(Object.keys(stack).map((name) => [name, values[`stack_${index}_${name}`]])),
  );
}
