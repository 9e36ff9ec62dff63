import Table from "cli-table3";
import { stringify } from "csv-stringify/sync";
import type { QueryRow } from "../../../bigquery/query-messages";
import type { QueryPage } from "../../../bigquery/rest-client";
import { type Cell, cellOf, cellText } from "./cell";

/** How rows are printed. */
export type RowFormat = "table" | "json" | "csv";

/** Prints an answer page by page, so that memory holds one page however many rows there are. */
export class RowPrinter {
  /** Rows printed so far. */
  rows = 0;
  private isBegun = false;

  constructor(
    private readonly format: RowFormat,
    private readonly print: (text: string) => void,
  ) {}

  add({ columns, rows }: QueryPage): void {
    if (rows.length === 0 && this.isBegun) return;
    const cells = (row: QueryRow) => columns.map(({ name, type }) => cellOf(type, row[name] ?? null));
    const names = columns.map(({ name }) => name);
    if (this.format === "csv") {
      const lines = rows.map((row) => cells(row).map(csvText));
      this.print(stringify(this.isBegun ? lines : [names, ...lines]));
    } else if (this.format === "json") {
      for (const row of rows) {
        const object = Object.fromEntries(cells(row).map((cell, index) => [names[index] ?? "", cell]));
        this.print(`${this.rows === 0 ? "[" : ","}\n${JSON.stringify(object)}`);
        this.rows++;
      }
    } else if (rows.length > 0) {
      const table = new Table({ head: names, style: { head: [], border: [], compact: true } });
      table.push(...rows.map((row) => cells(row).map(tableText)));
      this.print(`${table.toString()}\n`);
    }
    if (this.format !== "json") this.rows += rows.length;
    this.isBegun = true;
  }

  /** Ends the output; a JSON array is whole only after it. */
  end(): void {
    if (this.format === "json") this.print(this.rows === 0 ? "[]\n" : "\n]\n");
  }
}

/** NULL is an empty cell. */
function csvText(cell: Cell): string {
  return cell === null ? "" : cellText(cell);
}

const MAX_TABLE_CELL = 80;

/** One line without control characters, which a terminal would obey. */
function tableText(cell: Cell): string {
  if (cell === null) return "";
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const text = cellText(cell).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ");
  return text.length > MAX_TABLE_CELL ? `${text.slice(0, MAX_TABLE_CELL - 1)}…` : text;
}
