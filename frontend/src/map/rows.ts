/** Rows of a table from its service (OGC API Features): those in a box, and one by its id. */
import type { Feature, Point } from "geojson";
import type { Row } from "../rows/cell";
import type { Bounds, MapDescription } from "./description";

/** How many rows the table beside a map has on a page. */
export const PAGE = 10;

/** A row, with its point where it has one. */
export type RowFeature = Feature<Point | null, Row>;

/** A page of rows: how many there are in all, where the service says it, and the address of the next page. */
export interface RowPage {
  readonly features: readonly RowFeature[];
  readonly matched: number | undefined;
  readonly next: string | undefined;
}

interface Collection {
  readonly features: readonly RowFeature[];
  readonly numberMatched?: number;
  readonly links?: readonly { readonly rel: string; readonly href: string }[];
}

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
    asked.set("filter", cql2);
    asked.set("filter-lang", "cql2-text");
  }
  return page(`${description.items}?${asked.toString()}`, signal);
}

/** Return the page of rows at an address that another page named. */
export async function page(address: string, signal: AbortSignal): Promise<RowPage> {
  const collection = (await read(address, signal)) as Collection;
  const next = collection.links?.find((link) => link.rel === "next");
  return { features: collection.features, matched: collection.numberMatched, next: next && sameOrigin(next.href) };
}

/** Return the row of an id. */
export async function rowOf(description: MapDescription, id: number): Promise<RowFeature> {
  return (await read(`${description.items}/${id}`, null)) as RowFeature;
}

async function read(address: string, signal: AbortSignal | null): Promise<unknown> {
  const answer = await fetch(address, { signal, headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer.json();
}

/** A portal that is reached by another name than its own answers under the one by which this page was asked for. */
function sameOrigin(address: string): string {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}
