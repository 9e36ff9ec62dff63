/*
 * npm run bench:plan-scale -- --tenants 1000 10000
 *
 * Generates plans in which no two tenants change alike. Measures `plan summary --html`, as a whole process, beside a program
 * that parses the same file and counts deletions; then the page in Chromium: its size, opening it, and filtering it.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import Table from "cli-table3";
import { Command } from "commander";
import { type Browser, chromium } from "playwright-core";
import { browserPath } from "../../__tests__/browser/browser-path";
import { generateDifferent } from "./generate-different";
import { compile, type Figures, measure, PROJECT } from "./whole-process";

const { tenants: counts } = new Command()
  .option("--tenants <n...>", "numbers of tenants", ["1000", "10000"])
  .parse()
  .opts<{ tenants: string[] }>();
const work = mkdtempSync(path.join(os.tmpdir(), "bench-plan-scale-"));

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(work, { recursive: true, force: true }));

async function main(): Promise<void> {
  console.log(`Node ${process.version}, ${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)}\n`);
  const cli = compile(path.join("cli", "main.ts"));
  const naiveCheck = compile(path.join("bench", "plan", "naive-check.ts"));
  const browser = await launch();
  const processes = new Table({
    head: ["tenants", "plan", "", "wall", "processor", "peak memory", "its processor ÷ ours", "its memory ÷ ours"],
    style: { head: [], border: [] },
  });
  const pages = new Table({ head: ["tenants", "page", "opens", "filters"], style: { head: [], border: [] } });
  for (const tenants of counts.map(Number)) {
    const [plan, html] = [path.join(work, "plan.json"), path.join(work, "plan.html")];
    const definition = path.join(PROJECT, "configs", "metadata", "schemas", "pipeline_runs.json");
    generateDifferent(plan, tenants, definition, "pipeline_runs");
    const ours = measure([cli, "plan", "summary", plan, "--html", html], 0);
    const naive = measure([naiveCheck, plan], 0);
    processes.push([tenants, megabytes(plan), "plan summary", ...cells(ours, ours)]);
    processes.push([tenants, megabytes(plan), "JSON.parse", ...cells(naive, ours)]);
    pages.push([tenants, megabytes(html), ...(browser === undefined ? ["", ""] : await timePage(browser, html))]);
  }
  await browser?.close();
  console.log(processes.toString());
  console.log(pages.toString());
}

function megabytes(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}

function cells(figures: Figures | undefined, ours: Figures | undefined): readonly string[] {
  if (figures === undefined) return ["fails: longer than a string may be"];
  return [
    `${figures.seconds.toFixed(1)} s`,
    `${figures.cpuSeconds.toFixed(1)} s`,
    `${figures.megabytes.toFixed(0)} MiB`,
    (figures.cpuSeconds / (ours?.cpuSeconds ?? Number.NaN)).toFixed(2),
    (figures.megabytes / (ours?.megabytes ?? Number.NaN)).toFixed(2),
  ];
}

/** The machine's Chromium; without one the page's times are left out, which is said. */
async function launch(): Promise<Browser | undefined> {
  try {
    return await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox", "--disable-gpu"] });
  } catch (error) {
    console.log(`The page is not opened: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

/** How long the page takes until it is drawn, and from the event of a filter by tenant until that is: the slowest of five. */
async function timePage(browser: Browser, html: string): Promise<readonly string[]> {
  const tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const started = performance.now();
  await tab.goto(pathToFileURL(html).href);
  await tab.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)))");
  const opened = performance.now() - started;
  const filtered: number[] = [];
  for (const text of ["tenant_9", "tenant_99", "tenant_999", "nobody", ""])
    filtered.push(await tab.evaluate(filter(text)));
  await tab.close();
  return [`${(opened / 1000).toFixed(2)} s`, `${Math.max(...filtered).toFixed(0)} ms`];
}

/** Filters and gives the milliseconds; it is text because it runs in the page, whose types are a browser's. */
function filter(tenant: string): string {
  return `new Promise((resolve) => {
    const input = document.querySelector("input[name=tenant]");
    input.value = ${JSON.stringify(tenant)};
    const started = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started), 0));
  })`;
}
