import { createHash } from "node:crypto";
import type { JudgedFinding } from "../../../../evolution/allowances/judge";
import { worstFirst } from "../../../../evolution/catalogue/order";
import { type DescribedChange, OUTCOMES } from "../describe-change";
import type { PlanOverview } from "../plan-overview";
import type { TableDefinition } from "../../../../model/formats/table-definition";
import { keysDiagram } from "./diagram";
import { Html, html } from "../../html-template";
import type { PlanWords } from "../plan-words";
import { notableFindings } from "../notable-findings";
import { environmentSection, tag } from "./page-changes";
import { PAGE_SCRIPT } from "./page-script";
import { PAGE_STYLE } from "./page-style";
import { nouns } from "../words";

/**
 * Renders plans as one self-contained page: it loads nothing, and its policy allows its own script alone.
 *
 * @param definitions - tables to draw with their keys; none leaves the drawing out.
 */
export function planPage(
  overview: PlanOverview,
  findings: readonly JudgedFinding[],
  definitions: readonly TableDefinition[],
  words: PlanWords,
): string {
  const hash = createHash("sha256").update(PAGE_SCRIPT).digest("base64");
  // The policy's hash holds for the script byte for byte, so no formatter may indent it.
  const script = new Html(`<script>${PAGE_SCRIPT}</script>`);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${new Html(hash)}'"
        />
        <title>Plan of tenant metadata</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Plan of tenant metadata</h1>
          <p>${headline(overview)}</p>
        </header>
        <main>
          ${environmentTiles(overview)} ${accessPanel(words)} ${findingsPanel(findings, words)}
          ${overview.groups.length === 0 ? "" : filters(overview)}
          ${overview.environments.map(({ name }) => environmentSection(name, overview))}
          ${definitions.length === 0 ? "" : diagramSection(definitions)}
        </main>
        ${script}
      </body>
    </html> `;
  return page.text;
}

function headline({ environments, groups }: PlanOverview): string {
  if (groups.length === 0) return "Nothing changes.";
  const tenants = new Set(groups.flatMap((group) => group.tenants)).size;
  const changed = environments.filter(({ counts }) => counts.length > 0).map(({ name }) => name);
  return `Changes for ${tenants === 1 ? "1 tenant" : `${tenants} tenants`} in ${changed.join(", ")}.`;
}

function environmentTiles({ environments }: PlanOverview): Html {
  const tiles = environments.map(({ name, counts }) => {
    const lines = OUTCOMES.flatMap((outcome) => {
      const own = counts.filter((count) => count.outcome === outcome);
      return own.length === 0 ? [] : [html`<li>${tag(outcome)} ${nouns(own)}</li>`];
    });
    return html`<section class="tile">
      <h2>${name}</h2>
      ${
        lines.length === 0
          ? html`<p class="muted">no changes</p>`
          : html`<ul>
              ${lines}
            </ul>`
      }
    </section>`;
  });
  return html`<div class="tiles">${tiles}</div>`;
}

function accessPanel({ access }: PlanWords): Html {
  if (access.length === 0) return html``;
  return html`<section class="panel" id="access">
    <h2>Access</h2>
    <ul>
      ${access.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

/** Findings, worst first, that the page shows. */
const MAX_FINDINGS = 200;

function findingsPanel(findings: readonly JudgedFinding[], { lookedAt }: PlanWords): Html {
  const notable = worstFirst(notableFindings(findings));
  if (notable.length === 0) {
    return html`<section class="panel calm" id="findings">
      <h2>No finding that wants a look</h2>
      <p>${lookedAt}</p>
    </section>`;
  }
  const rest = notable.length - MAX_FINDINGS;
  const items = notable.slice(0, MAX_FINDINGS).map((found) => {
    const place = [found.environment, found.tenant, found.table === "*" ? "dataset" : found.table, found.path];
    const isOpen = found.needsAllowance && found.allowedBy === undefined;
    return html`<li class="finding${isOpen ? " open" : ""}">
      <p class="finding-head">
        <span class="tag ${isOpen ? "destroyed" : "changed"}">${found.effect}</span> <code>${found.code}</code>
        <span class="muted">${place.filter((part) => part !== undefined && part !== "").join(" › ")}</span>
      </p>
      <p>${found.message}${found.breaksWriters ? " Writers of the previous release fail." : ""}</p>
      <p class="muted">${found.allowedBy === undefined ? found.remedy : `Allowed by ${found.allowedBy.join(", ")}.`}</p>
    </li>`;
  });
  return html`<section class="panel" id="findings">
    <h2>Look at this first</h2>
    <p class="muted">${lookedAt}</p>
    <ul class="plain">
      ${items}
    </ul>
    ${rest > 0 ? html`<p>… and ${rest} more, none of them worse: see <code>plan check</code>.</p>` : ""}
  </section>`;
}

function filters({ groups }: PlanOverview): Html {
  const tables = [...new Set(groups.flatMap(({ changes }) => changes.filter(isTableBound).map(({ table }) => table)))];
  const outcomes = OUTCOMES.filter((outcome) =>
    groups.some(({ changes }) => changes.some((change) => change.outcome === outcome)),
  );
  return html`<form class="filters" hidden>
    <label>Tenant <input type="search" name="tenant" placeholder="part of an id" autocomplete="off" /></label>
    <label
      >Table
      <select name="table">
        <option value="">all</option>
        ${options(tables.sort())}
      </select></label
    >
    <label
      >Effect
      <select name="effect">
        <option value="">all</option>
        ${options(outcomes)}
      </select></label
    >
    <output aria-live="polite"></output>
  </form>`;
}

function options(values: readonly string[]): readonly Html[] {
  return values.map((value) => html`<option>${value}</option>`);
}

function isTableBound({ kind }: DescribedChange): boolean {
  return kind === "table" || kind === "grant";
}

function diagramSection(definitions: readonly TableDefinition[]): Html {
  return html`<section class="panel" id="keys">
    <h2>Tables and their keys</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Diagram of the tables">${keysDiagram(definitions)}</div>
  </section>`;
}
