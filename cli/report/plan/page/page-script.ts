/** Filters the changes of the page. Without it everything is shown, and the filters are not. */
export const PAGE_SCRIPT = `"use strict";
{
  const form = document.querySelector(".filters");
  const groups = [...document.querySelectorAll(".group")].map((element) => ({
    element,
    tenants: element.dataset.tenants.split(" "),
    changes: [...element.querySelectorAll(".change")].map((change) => ({
      change,
      tables: change.dataset.tables.split(" "),
      outcome: change.dataset.outcome,
    })),
  }));
  // Ten thousand rows are only touched where they change.
  const hide = (element, hidden) => {
    if (element.hidden !== hidden) element.hidden = hidden;
  };
  const total = groups.reduce((sum, { changes }) => sum + changes.length, 0);
  const apply = () => {
    const { tenant, table, effect } = form.elements;
    const part = tenant.value.trim().toLowerCase();
    let shown = 0;
    for (const { element, tenants, changes } of groups) {
      const wanted = part === "" || tenants.some((id) => id.includes(part));
      let visible = 0;
      for (const { change, tables, outcome } of changes) {
        const keep =
          wanted &&
          (table.value === "" || tables.includes(table.value)) &&
          (effect.value === "" || outcome === effect.value);
        if (wanted) hide(change, !keep);
        if (keep) visible++;
      }
      hide(element, visible === 0);
      shown += visible;
    }
    for (const section of document.querySelectorAll(".environment, .sheet")) {
      hide(section, section.querySelector(".group:not([hidden])") === null);
    }
    form.querySelector("output").value = shown === total ? total + " changes" : shown + " of " + total + " changes";
  };
  if (form !== null) {
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    apply();
  }
}
`;
