/** Shapes that are drawn on a map: how fine their corners are, what is wrong with them, how they look. No map in here. */
import type { FeatureCollection, Geometry, Polygon } from "geojson";
import type { Box, Filter, Near, Position } from "../../filter/filter";
import { METRES_A_DEGREE, metresEast } from "../../filter/near";

export const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
/** A link has at most 16,000 characters; these take a third of it, and nobody draws as many by hand. */
export const MOST_CORNERS = 200;
const FINEST = 5;
const TILE = 512;
const CIRCLE = 64;

/** What may be wrong with a polygon: too few corners, too many, or sides that cross each other. */
export type Fault = "few" | "many" | "crossed";

/** Return a position as fine as a pixel of the map is at `zoom`, and no finer than a metre. */
export function snapped([longitude, latitude]: Position, zoom: number): Position {
  const pixel = 360 / (TILE * 2 ** zoom);
  const digits = Math.min(Math.max(Math.ceil(-Math.log10(pixel)), 0), FINEST);
  const fit = (degrees: number, most: number): number => Number(Math.min(Math.max(degrees, -most), most).toFixed(digits));
  return [fit(longitude, 180), fit(latitude, 90)];
}

/** Return the box that has two positions as opposite corners; null where it would have no width or no height. */
export function boxOf([a, b]: Position, [c, d]: Position): Box | null {
  return a === c || b === d ? null : [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Return what is wrong with a polygon of these corners, the last of which is joined to the first; null if nothing is. */
export function faultOf(corners: readonly Position[]): Fault | null {
  if (corners.length < 3) return "few";
  if (corners.length > MOST_CORNERS) return "many";
  const sides = corners.map((from, at): Side => [from, corners[(at + 1) % corners.length] ?? from]);
  return sides.some((one, at) => sides.slice(at + 1).some((two) => clash(one, two))) ? "crossed" : null;
}

type Side = readonly [Position, Position];

/** Whether two sides cross, touch, or lie on one another; those with a common corner may have that, and nothing else. */
function clash(one: Side, two: Side): boolean {
  if (one[1] === two[0]) return foldsBack(one[0], one[1], two[1]);
  return two[1] === one[0] ? foldsBack(two[0], two[1], one[1]) : meet(one, two);
}

/** On which side of a line a position lies: above 0 on its left, 0 on it. */
function turn([from, to]: Side, [x, y]: Position): number {
  return Math.sign((to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]));
}

/** Whether a position that lies on the line of a side lies on the side itself. */
function within([from, to]: Side, [x, y]: Position): boolean {
  const between = (a: number, b: number, c: number): boolean => Math.min(a, b) <= c && c <= Math.max(a, b);
  return between(from[0], to[0], x) && between(from[1], to[1], y);
}

/** Whether two sides without a common corner cross or touch. */
function meet(one: Side, two: Side): boolean {
  const touches = (side: Side, end: Position): boolean => turn(side, end) === 0 && within(side, end);
  if (two.some((end) => touches(one, end)) || one.some((end) => touches(two, end))) return true;
  return turn(one, two[0]) !== turn(one, two[1]) && turn(two, one[0]) !== turn(two, one[1]);
}

/** Whether the way from one position over a corner to another goes back where it came from. */
function foldsBack(from: Position, corner: Position, to: Position): boolean {
  if (turn([from, corner], to) !== 0) return false;
  return (corner[0] - from[0]) * (to[0] - corner[0]) + (corner[1] - from[1]) * (to[1] - corner[1]) <= 0;
}

/** Return what a filter draws on a map: its polygon, box or circle. */
export function drawnBy({ polygon, box, near }: Pick<Filter, "polygon" | "box" | "near">): Geometry | typeof EMPTY {
  if (polygon) return ring(polygon);
  if (near) return circle(near);
  return box ? boxRing(box) : EMPTY;
}

/** Return a box as a polygon. */
export function boxRing([west, south, east, north]: Box): Polygon {
  return ring([[west, south], [east, south], [east, north], [west, north]]);
}

/** Return how wide and high the half of a circle is, in degrees. */
function reach({ at: [, latitude], metres }: Near): Position {
  return [metres / metresEast(latitude), metres / METRES_A_DEGREE];
}

/** Return the box around a circle. */
export function boxAround(near: Near): Box {
  const [wide, high] = reach(near);
  const [longitude, latitude] = near.at;
  return [longitude - wide, latitude - high, longitude + wide, latitude + high];
}

/** Return a circle as a polygon. */
export function circle(near: Near): Polygon {
  const [wide, high] = reach(near);
  const [longitude, latitude] = near.at;
  const corner = (at: number): Position => {
    const angle = (2 * Math.PI * at) / CIRCLE;
    return [longitude + wide * Math.cos(angle), latitude + high * Math.sin(angle)];
  };
  return ring(Array.from({ length: CIRCLE }, (_, at) => corner(at)));
}

function ring(corners: readonly Position[]): Polygon {
  return { type: "Polygon", coordinates: [[...corners, corners[0] ?? [0, 0]].map((corner) => [...corner])] };
}
