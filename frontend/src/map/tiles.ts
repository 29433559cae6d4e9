/** The source of a table's cells and points: vector tiles of its present version. */
import type { VectorSourceSpecification } from "maplibre-gl";
import type { MapDescription } from "./description";

export const SOURCE = "rows";
export const CELLS = "cells";
export const POINTS = "points";
/** The layer of a tile that has not all of its rows, with `shown` and `total`. */
export const CAPPED = "capped";
/** The zoom from which tiles have points in place of cells. */
export const POINTS_FROM = 14;
const DEEPEST = 16;

/** Return the address of the tiles of rows that `question` asks for, which is that of a link without its question mark. */
function tilesOf({ tiles }: MapDescription, question: string): string {
  return `${location.origin}${tiles}${question ? `?${question}` : ""}`;
}

/** Return a source for MapLibre. */
export function tileSource(description: MapDescription, question: string): VectorSourceSpecification {
  return { type: "vector", tiles: [tilesOf(description, question)], minzoom: 0, maxzoom: DEEPEST, promoteId: { [POINTS]: "_id" } };
}
