/** What a chart shows, as numbers: its sentence, the table behind it, and the file of it are made of this. */

export type Cell = string | number | null;

export interface Figure {
  /** What the chart shows, in a sentence or two. */
  readonly sentence: string;
  /** What it leaves out, and what makes its numbers hard to compare. */
  readonly notes: readonly string[];
  /** Heads of the table, the first above the labels of the rows. */
  readonly columns: readonly string[];
  /** Return a label, then numbers; null where there is none. A brush does without them while the table is closed. */
  readonly rows: () => readonly (readonly Cell[])[];
}

/** A text that begins with one of these is a formula to a spreadsheet, in our files of rows as in these. */
const FORMULA = /^[=+\-@\t\r]/;

/** Return the table of a figure as CSV: UTF-8 with a mark, so that spreadsheets read it as what it is. */
export function csvOf({ columns, rows }: Figure): string {
  return `\ufeff${[columns, ...rows()].map((row) => row.map(cell).join(",")).join("\n")}\n`;
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
