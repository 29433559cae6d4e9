/** How a table looks, as the address has it: `sort`, `columns` and `row`. In: looks of a view. Out: what they mean here. */
import type { Column, Description } from "../description";

export interface Look {
  /** Columns that are shown, in the order of the declaration. */
  readonly columns: readonly Column[];
  readonly sorted: string;
  readonly descending: boolean;
  /** The id of the row that a link is to; null without one. */
  readonly row: number | null;
}

export const SORT = "sort";
export const COLUMNS = "columns";
export const ROW = "row";

/** Read the looks; what names no column is left unheeded, and the latest rows come first. */
export function readLook(looks: ReadonlyMap<string, string>, description: Description): Look {
  const sort = looks.get(SORT) ?? "";
  const name = sort.replace(/^[-+]/, "");
  const known = description.columns.some((column) => column.name === name);
  const row = looks.get(ROW) ?? "";
  return {
    columns: shown(looks.get(COLUMNS) ?? "", description),
    sorted: known ? name : description.time,
    descending: known ? sort.startsWith("-") : true,
    row: /^\d{1,9}$/.test(row) ? Number(row) : null,
  };
}

/** The order as services are asked for it. */
export function orderOf({ sorted, descending }: Look): string {
  return `${descending ? "-" : ""}${sorted}`;
}

/** Write the columns; empty where they are those that a table begins with. */
export function writeColumns(names: readonly string[], description: Description): string {
  return names.join() === shown("", description).map(({ name }) => name).join() ? "" : names.join();
}

function shown(text: string, { columns, listed }: Description): readonly Column[] {
  const named = columns.filter(({ name }) => text.split(",").includes(name));
  return named.length > 0 ? named : columns.filter(({ name }) => listed.includes(name));
}
