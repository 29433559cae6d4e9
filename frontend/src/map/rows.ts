/** Rows of a table from its service: those in a box, and one by its id. */
import { page, read, type RowFeature, type RowPage } from "../rows/service";
import type { Bounds, MapDescription } from "./description";

/** How many rows the table beside a map has on a page. */
export const PAGE = 10;

/**
 * Return the first page of rows in `box` that meet the link `question` and the CQL2 text `cql2`, the latest first. Rows
 * have the fields that the table lists.
 */
export async function rowsIn(description: MapDescription, box: Bounds, question: string, cql2: string, signal: AbortSignal): Promise<RowPage> {
  const asked = new URLSearchParams(question);
  asked.append("bbox", box.map((side) => side.toFixed(6)).join(","));
  asked.set("limit", String(PAGE));
  asked.set("sortby", `-${description.time}`);
  asked.set("properties", [...description.listed, description.precision].filter(Boolean).join(","));
  if (cql2) {
    asked.append("filter", cql2); // beside what the question has
    asked.set("filter-lang", "cql2-text");
  }
  return page(`${description.items}?${asked.toString()}`, signal);
}

/** Return the row of an id. */
export async function rowOf(description: MapDescription, id: number): Promise<RowFeature> {
  return (await read(`${description.items}/${id}`, null)) as RowFeature;
}
