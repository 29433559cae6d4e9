/** The source of a table's cells and points: vector tiles of its present version. */

export const SOURCE = "rows";
export const CELLS = "cells";
export const POINTS = "points";
/** The layer of a tile that has not all of its rows, with `shown` and `total`. */
export const CAPPED = "capped";
/** The zoom from which tiles have points in place of cells. */
export const POINTS_FROM = 14;
const DEEPEST = 16;

/** Return a source for MapLibre; `question` is that of a link of the portal, such as `?from=2026-01-01`. */
export function tileSource(description, question = "") {
  return {
    type: "vector",
    tiles: [new URL(location.href).origin + description.tiles + question],
    minzoom: 0,
    maxzoom: DEEPEST,
    promoteId: { [POINTS]: "_id" },
  };
}
