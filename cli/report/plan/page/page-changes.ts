import type { ColumnChange } from "../column-diff";
import type { DescribedChange, Outcome } from "../describe-change";
import { countsOf, type PlanOverview, type TenantGroup } from "../plan-overview";
import { Html, html } from "../../html-template";
import { countsInWords, groupTitle, mergeGrants } from "../words";

/** Groups of an environment that are shown with every value; of the others, what happens to which columns and attributes. */
const MAX_CARDS = 300;
/** Groups in short that a browser lays out together, when they come near what is shown. */
const SHEET = 100;

/** The changes of one environment: a card for each group of tenants to which the same happens. */
export function environmentSection(name: string, { groups }: PlanOverview): Html {
  const own = groups.filter(({ environment }) => environment === name);
  if (own.length === 0) return html``;
  return html`<section class="environment">
    <h2>${name}</h2>
    ${own.slice(0, MAX_CARDS).map(groupCard)}${sheets(own.slice(MAX_CARDS))}
  </section>`;
}

function sheets(groups: readonly TenantGroup[]): readonly Html[] {
  return Array.from({ length: Math.ceil(groups.length / SHEET) }, (_, index) => {
    const lines = groups.slice(index * SHEET, (index + 1) * SHEET).map(groupLine);
    return html`<div class="sheet">${lines}</div>`;
  });
}

/** A group in short, in as few characters as can be: of ten thousand that all differ there are as many. */
function groupLine({ tenants, changes }: TenantGroup): Html {
  const rows = changes.map(({ kind, table, outcome, columns, attributes, grant }) => {
    const names = [...columns.map(({ column }) => column), ...attributes.map(({ name }) => name)].join(", ");
    const what = grant === undefined ? names : `${grant.member} ${grant.verb}`;
    const tables = kind === "table" || kind === "grant" ? table : "";
    return html`<li class="change" data-tables="${tables}" data-outcome="${outcome}">
      <p>${outcome}: ${kind} ${table} ${what}</p>
    </li>`;
  });
  const names = tenants.join(" ");
  const line = html`<article class="group" data-tenants="${names}">
    <h3>${names}</h3>
    <ul class="plain">
      ${rows}
    </ul>
  </article>`;
  // Values are escaped, so only markup has these.
  return new Html(line.text.replaceAll(/>\s+</g, "><"));
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
        ({ outcome, member, verb, tables }) =>
          html`<li class="change" data-tables="${tables.join(" ")}" data-outcome="${outcome}">
            ${tag(outcome)}
            <p>
              grant <span class="muted"><code>${member}</code> ${verb} ${tables.join(", ")}</span>
            </p>
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
      <p>${title} <span class="muted">${shape}</span></p>
      ${columns.length === 0 ? "" : columnsTable(columns)}${
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

/** An outcome as a coloured label. */
export function tag(outcome: Outcome): Html {
  return html`<span class="tag ${outcome.replaceAll(" ", "-")}">${outcome}</span>`;
}
