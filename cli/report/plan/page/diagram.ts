import type { Column, TableDefinition } from "../../../../model/formats/table-definition";
import { type Html, html } from "../../html-template";

const WIDTH = 264;
const GAP_X = 96;
const GAP_Y = 28;
const HEADER = 34;
const ROW = 24;
const MARGIN = 2;

/** A table as it is drawn: its key columns, each on a line, and how many columns are left out. */
interface Box {
  readonly definition: TableDefinition;
  readonly rows: readonly { readonly column: Column; readonly marks: readonly string[] }[];
  readonly more: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/**
 * Draws tables and their keys as an SVG: referenced tables on the left, an arrow from each foreign key to the primary key it
 * refers to. Colours come from the page, so it follows light and dark.
 */
export function keysDiagram(definitions: readonly TableDefinition[]): Html {
  const boxes = layOut(definitions);
  const width = Math.max(...boxes.map(({ x }) => x + WIDTH)) + MARGIN;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN;
  const arrows = boxes.flatMap((box) => arrowsFrom(box, boxes));
  return html`<svg viewBox="0 0 ${width} ${height}" style="width:${width}px" role="img" aria-labelledby="keys-title">
    <title id="keys-title">${altText(definitions)}</title>
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="8"
        markerHeight="8"
        orient="auto-start-reverse"
      >
        <path d="M0 0 8 4 0 8z" class="arrowhead" />
      </marker>
    </defs>
    ${arrows} ${boxes.map(drawBox)}
  </svg>`;
}

function layOut(definitions: readonly TableDefinition[]): readonly Box[] {
  const columns: TableDefinition[][] = [];
  for (const definition of [...definitions].sort((a, b) => references(definitions, b) - references(definitions, a))) {
    (columns[layerOf(definition, definitions, new Set())] ??= []).push(definition);
  }
  return columns.flatMap((tables, layer) => {
    let y = MARGIN;
    return tables.map((definition) => {
      const rows = keyRows(definition);
      const more = definition.schema.fields.length - rows.length;
      const height = HEADER + (rows.length + (more > 0 ? 1 : 0)) * ROW + 8;
      const box = { definition, rows, more, x: MARGIN + layer * (WIDTH + GAP_X), y, height };
      y += height + GAP_Y;
      return box;
    });
  });
}

/** How far a table is from one that refers to no other. A circle of keys ends where it began. */
function layerOf(table: TableDefinition, all: readonly TableDefinition[], seen: ReadonlySet<string>): number {
  const targets = foreignKeysOf(table)
    .map(({ referencedTable }) => referencedTable.tableId)
    .filter((tableId) => tableId !== table.tableId && !seen.has(tableId));
  const next = new Set([...seen, table.tableId]);
  return Math.max(
    0,
    ...all.filter(({ tableId }) => targets.includes(tableId)).map((target) => 1 + layerOf(target, all, next)),
  );
}

function references(all: readonly TableDefinition[], { tableId }: TableDefinition): number {
  return all.flatMap(foreignKeysOf).filter(({ referencedTable }) => referencedTable.tableId === tableId).length;
}

function foreignKeysOf({ tableConstraints }: TableDefinition): readonly ForeignKey[] {
  return tableConstraints?.foreignKeys ?? [];
}

type ForeignKey = NonNullable<NonNullable<TableDefinition["tableConstraints"]>["foreignKeys"]>[number];

function keyRows(definition: TableDefinition): Box["rows"] {
  const { schema, tableConstraints, timePartitioning, clustering } = definition;
  const foreign = foreignKeysOf(definition).flatMap(({ columnReferences }) =>
    columnReferences.map(({ referencingColumn }) => referencingColumn),
  );
  return schema.fields.flatMap((column) => {
    const marks = [
      ...(tableConstraints?.primaryKey?.columns.includes(column.name) === true ? ["PK"] : []),
      ...(foreign.includes(column.name) ? ["FK"] : []),
      ...(timePartitioning?.field === column.name ? ["partition"] : []),
      ...(clustering?.fields.includes(column.name) === true
        ? [`cluster ${clustering.fields.indexOf(column.name) + 1}`]
        : []),
    ];
    return marks.length === 0 ? [] : [{ column, marks }];
  });
}

function drawBox({ definition, rows, more, x, y, height }: Box): Html {
  const lines = rows.map(
    ({ column, marks }, index) =>
      html`<g transform="translate(0 ${HEADER + index * ROW})">
        <text x="14" y="17" class="column">${column.name}</text>
        <text x="${WIDTH - 14}" y="17" class="mark" text-anchor="end">${marks.join(" · ")}</text>
      </g>`,
  );
  const rest = html`<text x="14" y="${HEADER + rows.length * ROW + 17}" class="rest"
    >${more} more column${more === 1 ? "" : "s"}</text
  >`;
  return html`<g transform="translate(${x} ${y})" data-table="${definition.tableId}">
    <rect class="box" width="${WIDTH}" height="${height}" rx="8" />
    <path class="box-head" d="M0 ${HEADER}V8a8 8 0 0 1 8-8h${WIDTH - 16}a8 8 0 0 1 8 8v${HEADER - 8}z" />
    <text x="14" y="22" class="table">${definition.tableId}</text>
    ${lines}${more > 0 ? rest : ""}
  </g>`;
}

function arrowsFrom(box: Box, boxes: readonly Box[]): readonly Html[] {
  return foreignKeysOf(box.definition).flatMap(({ referencedTable, columnReferences }) => {
    const target = boxes.find(({ definition }) => definition.tableId === referencedTable.tableId);
    const [pair] = columnReferences;
    if (target === undefined || pair === undefined || target === box) return [];
    const [fromX, fromY] = [box.x, rowY(box, pair.referencingColumn)];
    const [toX, toY] = [target.x + WIDTH, rowY(target, pair.referencedColumn)];
    const bend = GAP_X / 2;
    return [
      html`<path
        class="key"
        marker-end="url(#arrow)"
        d="M${fromX} ${fromY}C${fromX - bend} ${fromY} ${toX + bend} ${toY} ${toX + 2} ${toY}"
      />`,
    ];
  });
}

function rowY({ rows, y }: Box, columnName: string): number {
  const index = rows.findIndex(({ column }) => column.name === columnName);
  return y + HEADER + Math.max(index, 0) * ROW + ROW / 2;
}

/** The drawing in words, for those who cannot see it. */
function altText(definitions: readonly TableDefinition[]): string {
  const keys = definitions.flatMap((table) =>
    foreignKeysOf(table).map(
      ({ referencedTable, columnReferences }) =>
        `${table.tableId}.${columnReferences[0]?.referencingColumn ?? ""} refers to ${referencedTable.tableId}.${columnReferences[0]?.referencedColumn ?? ""}`,
    ),
  );
  return `Tables ${definitions.map(({ tableId }) => tableId).join(", ")}. ${keys.join("; ")}.`;
}
