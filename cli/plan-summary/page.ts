import { createHash } from "node:crypto";
import type { JudgedFinding } from "../../evolution/allowances";
import { worstFirst } from "../../evolution/order";
import type { ColumnChange } from "../../evolution/plan/column-diff";
import { type DescribedChange, OUTCOMES, type Outcome } from "../../evolution/plan/describe-change";
import { countsOf, type PlanOverview, type TenantGroup } from "../../evolution/plan/plan-overview";
import type { TableDefinition } from "../../model/formats/table-definition";
import { keysDiagram } from "./diagram";
import { Html, html } from "./html-template";
import { notableFindings } from "./notable";
import { PAGE_SCRIPT } from "./page-script";
import { PAGE_STYLE } from "./page-style";
import { countsInWords, groupTitle, mergeGrants, nouns } from "./words";

/**
 * Renders plans as one self-contained page: it loads nothing, and its policy allows its own script alone.
 *
 * @param definitions - tables to draw with their keys; none leaves the drawing out.
 */
export function planPage(
  overview: PlanOverview,
  findings: readonly JudgedFinding[],
  definitions: readonly TableDefinition[],
): string {
  const hash = createHash("sha256").update(PAGE_SCRIPT).digest("base64");
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
          ${environmentTiles(overview)} ${findingsPanel(findings)}
          ${overview.groups.length === 0 ? "" : filters(overview)}
          ${overview.environments.map(({ name }) => environmentSection(name, overview))}
          ${definitions.length === 0 ? "" : diagramSection(definitions)}
        </main>
        <script>
          ${new Html(PAGE_SCRIPT)};
        </script>
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

function findingsPanel(findings: readonly JudgedFinding[]): Html {
  const notable = worstFirst(notableFindings(findings));
  if (notable.length === 0) {
    return html`<section class="panel calm" id="findings">
      <h2>No findings</h2>
      <p>Nothing is lost, replaced or opened by this change.</p>
    </section>`;
  }
  const items = notable.map((found) => {
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
    <ul class="plain">
      ${items}
    </ul>
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

function environmentSection(name: string, { groups }: PlanOverview): Html {
  const own = groups.filter(({ environment }) => environment === name);
  if (own.length === 0) return html``;
  return html`<section class="environment">
    <h2>${name}</h2>
    ${own.map(groupCard)}
  </section>`;
}

function groupCard(group: TenantGroup): Html {
  const { tenants, changes } = group;
  const rest =
    tenants.length > 8
      ? html`<details class="all">
          <summary>All ${tenants.length} tenants</summary>
          <p>${tenants.join(", ")}</p>
        </details>`
      : "";
  return html`<article class="group" data-tenants="${tenants.join(" ")}">
    <h3>${groupTitle(group)}</h3>
    <p class="muted">${tenants.length > 1 ? "each " : ""}${countsInWords(countsOf(changes))}</p>
    ${rest}
    <ul class="plain changes">
      ${changes.filter(({ kind }) => kind !== "grant").map(changeRow)}${mergeGrants(changes).map(
        ({ outcome, grant, tables }) =>
          html`<li class="change" data-tables="${tables.join(" ")}" data-outcome="${outcome}">
            ${tag(outcome)}
            <div>
              <p>grant</p>
              <p class="muted"><code>${grant}</code> ${tables.join(", ")}</p>
            </div>
          </li>`,
      )}
    </ul>
  </article>`;
}

function changeRow({ kind, outcome, table, shape, columns, attributes }: DescribedChange): Html {
  const title =
    kind === "dataset"
      ? html`dataset`
      : kind === "table"
        ? html`table <code>${table}</code>`
        : html`<code>${table}</code>`;
  return html`<li class="change" data-tables="${kind === "table" ? table : ""}" data-outcome="${outcome}">
    ${tag(outcome)}
    <div>
      <p>${title}</p>
      ${shape === "" ? "" : html`<p class="muted">${shape}</p>`}${columns.length === 0 ? "" : columnsTable(columns)}${
        attributes.length === 0
          ? ""
          : html`<dl>
              ${attributes.map(
                ({ name, before, after }) =>
                  html`<div>
                    <dt><code>${name}</code></dt>
                    <dd><del>${before}</del> <ins>${after}</ins></dd>
                  </div>`,
              )}
            </dl>`
      }
    </div>
  </li>`;
}

function columnsTable(columns: readonly ColumnChange[]): Html {
  const rows = columns.map(({ column, before, after, also }) => {
    const what = before === undefined ? "added" : after === undefined ? "dropped" : "changed";
    const values =
      before === after
        ? html`${before ?? ""}`
        : html`${before === undefined ? "" : html`<del>${before}</del> `}${after === undefined ? "" : html`<ins>${after}</ins>`}`;
    return html`<tr class="${what}">
      <th scope="row"><code>${column}</code></th>
      <td>${what}</td>
      <td>${values}${also.length === 0 ? "" : html` <span class="muted">${also.join(", ")}</span>`}</td>
    </tr>`;
  });
  return html`<table class="columns">
    <caption>
      Columns
    </caption>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function diagramSection(definitions: readonly TableDefinition[]): Html {
  return html`<section class="panel" id="keys">
    <h2>Tables and their keys</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Diagram of the tables">${keysDiagram(definitions)}</div>
  </section>`;
}

function tag(outcome: Outcome): Html {
  return html`<span class="tag ${outcome.replaceAll(" ", "-")}">${outcome}</span>`;
}
