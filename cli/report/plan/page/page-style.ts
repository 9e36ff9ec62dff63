/** Style of the page: light and dark by the reader's preference, one column on a phone. */
export const PAGE_STYLE = `
:root {
  --page: #f5f6f8; --card: #fff; --ink: #1c2128; --muted: #57606a; --line: #d9dee5; --accent: #0a58ca; --head: #eef3fb;
  --green: #116329; --green-bg: #dcf5e3; --blue: #0a4a9e; --blue-bg: #dfecff; --grey: #4a5058; --grey-bg: #e8ebef;
  --amber: #7a4300; --amber-bg: #ffebc9; --red: #a40e26; --red-bg: #ffe3e3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #161b22; --ink: #e6edf3; --muted: #9aa5b1; --line: #2d343d; --accent: #78b4ff; --head: #1d2733;
    --green: #6fdd8b; --green-bg: #12331d; --blue: #8cc2ff; --blue-bg: #12294a; --grey: #b6bec8; --grey-bg: #262d36;
    --amber: #f3b95f; --amber-bg: #3a2a0c; --red: #ff9a9a; --red-bg: #451a1d;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; padding-bottom: .5rem; }
main { padding-bottom: 4rem; }
h1, h2, h3, p { margin: 0; text-wrap: pretty; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.015em; }
h2 { font-size: 1.125rem; }
h3 { font-size: 1rem; }
header p, .muted { color: var(--muted); }
code { font: .875em/1.4 ui-monospace, SFMono-Regular, Menlo, monospace; }
.plain { list-style: none; margin: 0; padding: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 1rem; margin: 1rem 0; }
.tile, .panel, .group { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
.tile ul { list-style: none; margin: .5rem 0 0; padding: 0; display: grid; gap: .375rem; }
.panel { margin: 1rem 0; }
.panel > ul, .panel > p, .panel > .scroll { margin-top: .75rem; }
.calm { border-left: .25rem solid var(--green); }
.finding { padding: .75rem 0 .75rem .875rem; border-left: .25rem solid var(--line); }
.finding + .finding { margin-top: .5rem; }
.finding.open { border-left-color: var(--red); }
.finding-head { display: flex; flex-wrap: wrap; gap: .25rem .625rem; align-items: baseline; }
.filters {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .625rem 1rem; align-items: end;
  padding: .75rem 0; background: var(--page); border-bottom: 1px solid var(--line);
}
.filters label { display: grid; gap: .125rem; font-size: .8125rem; color: var(--muted); }
.filters input, .filters select {
  font: inherit; font-size: 1rem; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; padding: .375rem .625rem; min-width: 10rem; height: 2.5rem;
}
.filters :focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.filters output { margin-left: auto; color: var(--muted); font-size: .875rem; padding-bottom: .5rem; }
.environment { margin-top: 1.5rem; }
.environment > h2 { margin-bottom: .5rem; font-size: 1.375rem; letter-spacing: -.01em; }
.group { content-visibility: auto; contain-intrinsic-size: auto 6rem; }
.sheet { content-visibility: auto; contain-intrinsic-size: auto 600rem; }
.group + .group, .sheet { margin-top: .75rem; }
.all { margin-top: .25rem; color: var(--muted); font-size: .875rem; }
.changes { margin-top: .625rem; }
.change { display: grid; grid-template-columns: 9rem 1fr; gap: .25rem .75rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.change p { line-height: 1.45; }
.change .muted { font-size: .9375rem; }
.tag { justify-self: start; align-self: start; display: inline-block; border-radius: 1rem; padding: .0625rem .625rem; font-size: .8125rem; font-weight: 600; white-space: nowrap; }
.created { color: var(--green); background: var(--green-bg); }
.changed { color: var(--blue); background: var(--blue-bg); }
.forgotten { color: var(--grey); background: var(--grey-bg); }
.column-dropped, .replaced { color: var(--amber); background: var(--amber-bg); }
.destroyed, .rejected { color: var(--red); background: var(--red-bg); }
.columns { border-collapse: collapse; margin-top: .375rem; font-size: .9375rem; table-layout: fixed; width: 100%; }
.columns th { width: 40%; }
.columns td:nth-child(2) { width: 6rem; }
.columns caption { text-align: left; color: var(--muted); font-size: .8125rem; }
.columns th, .columns td { text-align: left; font-weight: 400; padding: .1875rem .75rem .1875rem 0; vertical-align: top; }
tr.added, tr.dropped, tr.changed { background: none; color: inherit; }
tr.added td:nth-child(2) { color: var(--green); }
tr.dropped td:nth-child(2) { color: var(--red); font-weight: 600; }
del { color: var(--muted); }
ins { text-decoration: none; font-weight: 600; }
dl { margin: .5rem 0 0; display: grid; gap: .25rem; font-size: .9375rem; }
dl > div { display: flex; flex-wrap: wrap; gap: .125rem .75rem; }
dd { margin: 0; }
.scroll { overflow-x: auto; }
svg { display: block; max-width: none; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
svg .table { font-weight: 650; font-size: 14px; }
svg .mark { fill: var(--accent); font-size: 11.5px; }
svg .rest { fill: var(--muted); font-size: 12px; }
.box { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.box-head { fill: var(--head); }
.key { fill: none; stroke: var(--accent); stroke-width: 1.75; }
.arrowhead { fill: var(--accent); }
@media (max-width: 40rem) {
  header, main { padding-left: .875rem; padding-right: .875rem; }
  .filters { position: static; }
  .filters label, .filters input, .filters select { width: 100%; }
  .filters output { margin-left: 0; }
  .change { grid-template-columns: 1fr; }
  .tile, .panel, .group { padding: .875rem; }
}
@media print { .filters { display: none; } body { background: #fff; } }
`;
