/**
 * How far "near" is, and where from. What leaves the browser is rounded to 100 m: where somebody is, or looks, is theirs.
 */
import type { Position } from "./filter";

export const METRES = 500;
export const METRES_A_DEGREE = 111_320;
const ROUNDED = 100;

/** Return a position on a grid of 100 m. */
export function rounded([longitude, latitude]: Position): Position {
  const row = Math.round((latitude * METRES_A_DEGREE) / ROUNDED) * ROUNDED;
  const north = row / METRES_A_DEGREE;
  // The width of a degree is that of the row, so that every reader in it has the same grid.
  const width = metresEast(north);
  const east = (Math.round((longitude * width) / ROUNDED) * ROUNDED) / width;
  return [Number(east.toFixed(5)), Number(north.toFixed(5))];
}

/** Return how many metres a degree of longitude has at a latitude; never quite none. */
export function metresEast(latitude: number): number {
  return METRES_A_DEGREE * Math.max(Math.cos((latitude * Math.PI) / 180), 1e-6);
}
