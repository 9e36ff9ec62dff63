/*
 * npm run images
 *
 * Makes the pictures in docs/images/ from a real run: a pull request on the sample configuration is synthesized before and
 * after, and `plan summary` writes its comment and its page, which Chromium then photographs. Only the plans themselves are
 * made without Terraform, as in the tests, since a real one needs a Google Cloud project.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { marked } from "marked";
import { type Browser, chromium } from "playwright-core";
import { browserPath } from "../__tests__/browser/browser-path";
import { planChanges, planJson, type Stack } from "../__tests__/support/terraform-plan";
import type { TableDefinitionFile } from "../model/formats/table-definition";

const project = path.join(__dirname, "..");
const images = path.join(project, "docs", "images");
const work = mkdtempSync(path.join(os.tmpdir(), "make-images-"));

main().then(
  () => rmSync(work, { recursive: true }),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);

async function main(): Promise<void> {
  const [before, after] = [path.join(work, "before"), path.join(work, "after")];
  for (const folder of [before, after]) cpSync(path.join(project, "configs"), folder, { recursive: true });
  changeConfigs(after);
  const plans = writePlans(synthesize(before), synthesize(after));
  const page = path.join(work, "plan.html");
  const comment = run(
    "npm",
    ["run", "-s", "tenant-metadata", "--", "plan", "summary", ...plans, "--markdown", "--html", page],
    {
      METADATA_CONFIG_DIR: after,
    },
  );
  mkdirSync(images, { recursive: true });
  const browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await photograph(browser, commentPage(comment), "plan-comment.png", "details");
    await photograph(browser, page, "plan-page.png", "article");
  } finally {
    await browser.close();
  }
}

/** The pull request: a new tenant, a new column, and a column that its author thought nobody needs. */
function changeConfigs(folder: string): void {
  const hooli = { displayName: "Hooli", environments: { prod: { readers: ["group:hooli-analysts@example.com"] } } };
  writeFileSync(path.join(folder, "tenants", "hooli.json"), JSON.stringify(hooli));
  changeColumns(folder, "pipeline_runs", (fields) => fields.filter(({ name }) => name !== "worker_instance"));
  changeColumns(folder, "step_logs", (fields) => [...fields, { name: "slot_ms", type: "INTEGER" }]);
}

type Fields = TableDefinitionFile["schema"]["fields"];

function changeColumns(folder: string, tableId: string, change: (fields: Fields) => Fields): void {
  const file = path.join(folder, "metadata", "schemas", `${tableId}.json`);
  const definition = JSON.parse(readFileSync(file, "utf8")) as TableDefinitionFile;
  writeFileSync(file, JSON.stringify({ ...definition, schema: { fields: change(definition.schema.fields) } }));
}

/** Synthesizes the production stacks of a configuration. */
function synthesize(configs: string): ReadonlyMap<string, Stack> {
  const out = `${configs}.out`;
  run("npm", ["run", "-s", "synth"], {
    METADATA_CONFIG_DIR: configs,
    METADATA_ENVIRONMENTS: "prod",
    CDKTF_OUTDIR: out,
  });
  const stacks = path.join(out, "stacks");
  const read = (name: string) => JSON.parse(readFileSync(path.join(stacks, name, "cdk.tf.json"), "utf8")) as Stack;
  return new Map(readdirSync(stacks).map((name) => [name, read(name)]));
}

function writePlans(before: ReadonlyMap<string, Stack>, after: ReadonlyMap<string, Stack>): readonly string[] {
  return [...after].map(([name, stack]) => {
    const file = path.join(work, `${name}.json`);
    writeFileSync(file, planJson(planChanges(before.get(name) ?? {}, stack)));
    return file;
  });
}

/** The comment as GitHub would show it. @returns the page's file. */
function commentPage(markdown: string): string {
  const style = readFileSync(require.resolve("github-markdown-css/github-markdown-light.css"), "utf8");
  const file = path.join(work, "comment.html");
  writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><style>${style} .markdown-body { padding: 24px; }</style>` +
      `<body class="markdown-body">${marked.parse(markdown, { async: false })}`,
  );
  return file;
}

/** Photographs a page from its top to the end of the first element that `until` selects. */
async function photograph(browser: Browser, file: string, image: string, until: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, deviceScaleFactor: 1.5 });
  await page.goto(pathToFileURL(file).href);
  const last = await page.locator(until).first().boundingBox();
  if (last === null) throw new Error(`${file} shows no ${until}.`);
  const clip = { x: 0, y: 0, width: 1100, height: Math.ceil(last.y + last.height) + 8 };
  await page.screenshot({ path: path.join(images, image), fullPage: true, clip });
  await page.close();
}

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
  return execFileSync(file, args, { cwd: project, encoding: "utf8", env: { ...process.env, ...env } });
}
