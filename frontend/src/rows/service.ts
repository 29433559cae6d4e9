/** Pages of rows from the service of a table (OGC API Features). */
import type { Feature, Point } from "geojson";
import { answerOf } from "../service";
import type { Row } from "./cell";

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

/** Return the page of rows at an address. */
export async function page(address: string, signal: AbortSignal): Promise<RowPage> {
  const collection = (await read(address, signal)) as Collection;
  const next = collection.links?.find((link) => link.rel === "next");
  return { features: collection.features, matched: collection.numberMatched, next: next && sameOrigin(next.href) };
}

/** Return what is at an address, as JSON. Throws where there is nothing. */
export async function read(address: string, signal: AbortSignal | null): Promise<unknown> {
  const answer = await answerOf(address, signal, "application/geo+json, application/json");
  return answer.json();
}

/** A portal that is reached by another name than its own answers under the one by which this page was asked for. */
function sameOrigin(address: string): string {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}
