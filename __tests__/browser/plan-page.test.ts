import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { configFolder, type Files, temporaryFolder, VALID } from "../support/config-folder";
import { PROJECT } from "../support/run";
import { run } from "../support/run-program";
import { change, planJson } from "../support/terraform-plan";
import { browserPath } from "./browser-path";

const COLUMNS = [
  { name: "run_id", type: "STRING", mode: "REQUIRED" },
  { name: "note", type: "STRING", mode: "NULLABLE" },
];

function table(tenant: string, tableId: string, columns: readonly object[] = COLUMNS) {
  return {
    table_id: tableId,
    schema: JSON.stringify(columns),
    deletion_protection: true,
    labels: { environment: tenant.startsWith("acme") ? "prod" : "dev", tenant },
  };
}

const CHANGES = [
  change("google_bigquery_dataset.acme_new", ["create"], null, {
    location: "EU",
    labels: { environment: "prod", tenant: "acme_new" },
  }),
  ...["pipeline_runs", "step_logs"].map((tableId) =>
    change(`google_bigquery_table.acme_new__${tableId}`, ["create"], null, table("acme_new", tableId)),
  ),
  ...["globex", "initech"].map((tenant) =>
    change(
      `google_bigquery_table.${tenant}__pipeline_runs`,
      ["update"],
      table(tenant, "pipeline_runs"),
      table(tenant, "pipeline_runs", COLUMNS.slice(0, 1)),
    ),
  ),
];

/** Writes the page of a plan, beside the definitions of the sample. */
async function page(changes: readonly object[]): Promise<string> {
  const folder = temporaryFolder();
  const plan = path.join(folder, "plan.json");
  writeFileSync(plan, planJson(changes as Parameters<typeof planJson>[0]));
  const schemas = ["api_keys", "dq_results", "pipeline_runs", "step_logs"];
  const files: Files = {
    ...VALID,
    "metadata/schemas/runs.json": undefined,
    ...Object.fromEntries(
      schemas.map((name) => {
        const file = `metadata/schemas/${name}.json`;
        return [file, readFileSync(path.join(PROJECT, "configs", file), "utf8")];
      }),
    ),
  };
  const html = path.join(folder, "plan.html");
  const { code, stderr } = await run(["plan", "summary", plan, "--html", html], configFolder(files));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return pathToFileURL(html).href;
}

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: browserPath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});
afterAll(async () => {
  await browser.close();
});

/** Opens the page, and fails the test for any error in it and any request that leaves it. */
async function open(options: BrowserContextOptions = {}, changes: readonly object[] = CHANGES) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const tab = await context.newPage();
  const url = await page(changes);
  const problems: string[] = [];
  tab.on("pageerror", (error) => problems.push(error.message));
  tab.on("console", (message) => problems.push(message.text()));
  tab.on("request", (request) => {
    if (request.url() !== url) problems.push(`requests ${request.url()}`);
  });
  await tab.goto(url);
  return { tab, problems, close: () => context.close() };
}

function shown(tab: Page): Promise<string[]> {
  return tab
    .locator(".change:visible")
    .evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute("data-outcome")}: ${row.getAttribute("data-tables")}`),
    );
}

test("filters by tenant, table and effect, and says how many changes are shown", async () => {
  const { tab, problems, close } = await open();
  const count = tab.locator("output");
  expect(await count.textContent()).toBe("4 changes");

  await tab.locator("input[name=tenant]").fill("ACME");
  expect(await shown(tab)).toEqual(["created: ", "created: pipeline_runs", "created: step_logs"]);
  expect(await count.textContent()).toBe("3 of 4 changes");
  expect(await tab.getByRole("heading", { name: "dev", exact: true, level: 2 }).count()).toBe(1);

  await tab.locator("select[name=table]").selectOption("step_logs");
  expect(await shown(tab)).toEqual(["created: step_logs"]);
  await tab.locator("select[name=table]").selectOption("");
  await tab.locator("input[name=tenant]").fill("initech");
  expect(await shown(tab)).toEqual(["column dropped: pipeline_runs"]);
  await tab.locator("input[name=tenant]").fill("");
  await tab.locator("select[name=effect]").selectOption("column dropped");
  expect(await shown(tab)).toEqual(["column dropped: pipeline_runs"]);
  await tab.locator("input[name=tenant]").press("Enter");
  expect(tab.url()).toMatch(/plan\.html$/);
  expect(problems).toEqual([]);
  await close();
});

test("shows findings on top, and the dropped column with its type", async () => {
  const { tab, close } = await open();
  const finding = tab.locator(".finding");
  expect(await finding.textContent()).toContain("dev › 2 tenants › pipeline_runs › schema.fields.note");
  expect(await tab.locator("tr.dropped").textContent()).toMatch(/note\s+dropped\s+STRING NULLABLE/);
  const [findings, changes] = await Promise.all(
    [finding, tab.locator(".change").first()].map(async (locator) => (await locator.boundingBox())?.y ?? 0),
  );
  expect(findings).toBeLessThan(changes ?? 0);
  await close();
});

test("draws the four tables, each with its keys", async () => {
  const { tab, close } = await open();
  const tables = tab.locator("svg [data-table]");
  expect(await tables.evaluateAll((all) => all.map((one) => one.getAttribute("data-table") ?? ""))).toEqual([
    "pipeline_runs",
    "api_keys",
    "dq_results",
    "step_logs",
  ]);
  expect(await tab.locator("svg .key").count()).toBe(2);
  expect(await tab.getByRole("img", { name: /step_logs\.pipeline_logging_id refers to pipeline_runs/ }).count()).toBe(
    1,
  );
  // No name is cut off by its neighbour: mark and column of a row do not overlap.
  const overlaps = await tables.evaluateAll(
    (all) =>
      all.flatMap((one) =>
        [...one.querySelectorAll("g")].filter((row) => {
          const [name, mark] = [...row.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
          return name !== undefined && mark !== undefined && name.right > mark.left;
        }),
      ).length,
  );
  expect(overlaps).toBe(0);
  await close();
});

test.each(["light", "dark"] as const)(
  "can be read in %s: every text has the contrast that WCAG AA asks for",
  async (colorScheme) => {
    const { tab, problems, close } = await open({ colorScheme });
    const worst = await tab.evaluate(() => {
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- what runs in the page can use nothing from outside
      const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (color: string): number => {
        const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const background = (element: Element | null): string => {
        if (element === null) return "rgb(255, 255, 255)";
        const color = getComputedStyle(element).backgroundColor;
        return channels(color)[3] === 0 ? background(element.parentElement) : color;
      };
      let least = Infinity;
      for (const element of document.querySelectorAll(
        "h1, h2, h3, p, li, code, span, td, th, label, output, dd, del, ins",
      )) {
        if (element.textContent?.trim() === "" || element.getClientRects().length === 0) continue;
        const [a, b] = [luminance(getComputedStyle(element).color), luminance(background(element))];
        least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      }
      return { least, page: getComputedStyle(document.body).backgroundColor };
    });
    expect(worst.least).toBeGreaterThanOrEqual(4.5);
    expect(worst.page).toBe(colorScheme === "light" ? "rgb(245, 246, 248)" : "rgb(13, 17, 23)");
    expect(problems).toEqual([]);
    await close();
  },
);

test("fits a phone: nothing but the diagram scrolls sideways, and nothing is too small to read or touch", async () => {
  const { tab, close } = await open({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  const { width, smallest, controls } = await tab.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    smallest: Math.min(
      ...[...document.querySelectorAll("p, li, code, td, label")].map((one) =>
        Number.parseFloat(getComputedStyle(one).fontSize),
      ),
    ),
    controls: [...document.querySelectorAll("input, select")].map((one) => one.getBoundingClientRect().height),
  }));
  expect(width).toBe(360);
  expect(smallest).toBeGreaterThanOrEqual(12);
  expect(Math.min(...controls)).toBeGreaterThanOrEqual(40);
  await close();
});

test("says so when nothing changes, without filters", async () => {
  const { tab, problems, close } = await open({}, []);
  expect(await tab.locator("header p").textContent()).toBe("Nothing changes.");
  expect(await tab.locator(".filters").count()).toBe(0);
  expect(problems).toEqual([]);
  await close();
});

test("shows everything without scripts", async () => {
  const { tab, close } = await open({ javaScriptEnabled: false });
  expect(await tab.locator(".change").count()).toBe(4);
  expect(await tab.locator(".filters").isVisible()).toBe(false);
  await close();
});

test("a thousand tenants of which no two change alike are all there, told in short past the first, and filtered as the others are", async () => {
  const many = Array.from({ length: 1000 }, (_, index) => {
    const columns = [...COLUMNS, { name: `own_${index}`, type: "STRING" }];
    return change(
      `google_bigquery_table.tenant_${index}__pipeline_runs`,
      ["update"],
      table(`tenant_${index}`, "pipeline_runs", columns),
      table(`tenant_${index}`, "pipeline_runs"),
    );
  });
  const { tab, problems, close } = await open({}, many);
  expect(await tab.locator(".group").count()).toBe(1000);
  expect(await tab.locator(".finding").count()).toBe(200);
  expect(await tab.locator("#findings").textContent()).toContain("… and 800 more, none of them worse");
  await tab.locator("input[name=tenant]").fill("tenant_999");
  expect(await tab.locator("output").textContent()).toBe("1 of 1000 changes");
  expect(await tab.locator(".group:visible").textContent()).toBe(
    "tenant_999column dropped: table pipeline_runs own_999",
  );
  expect(problems).toEqual([]);
  await close();
});
