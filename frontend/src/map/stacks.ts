/**
 * Points that lie on one another, as they do where places are generalised: one circle for each place, larger where more
 * rows are, in the colour of its most frequent category. In: the features of the tiles in view. Out: GeoJSON, and the ids
 * of the rows of each circle.
 */
import type { FeatureCollection, Point, Position } from "geojson";
import type { MapGeoJSONFeature } from "maplibre-gl";

const DIGITS = 5;
const NO_VALUE = "";

export interface Stack {
  readonly coordinates: Position;
  /** Ids of the rows, the latest first. */
  readonly ids: readonly number[];
  /** Rows of each category. */
  readonly values: ReadonlyMap<string, number>;
}

type Feature = Pick<MapGeoJSONFeature, "id" | "geometry" | "properties">;

/** Return the stacks of `features`, which may repeat; `shown` says whether somebody wants to see a category. */
export function stack(features: readonly Feature[], category: string, shown: (value: string) => boolean): Stack[] {
  const stacks = new Map<string, { coordinates: Position; ids: number[]; values: Map<string, number> }>();
  const seen = new Set<unknown>();
  for (const { id, geometry, properties } of features) {
    const value = String(properties[category] ?? NO_VALUE);
    if (seen.has(id) || geometry.type !== "Point" || !shown(value)) continue;
    seen.add(id);
    const key = geometry.coordinates.map((part) => part.toFixed(DIGITS)).join();
    const there = stacks.get(key) ?? { coordinates: geometry.coordinates, ids: [], values: new Map<string, number>() };
    there.ids.push(Number(id));
    there.values.set(value, (there.values.get(value) ?? 0) + 1);
    stacks.set(key, there);
  }
  return [...stacks.values()].map((one) => ({ ...one, ids: one.ids.sort((a, b) => b - a) }));
}

/** Return stacks as GeoJSON: their place in the list as id, how many rows they have, and their leading category. */
export function asGeoJSON(stacks: readonly Stack[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: stacks.map(({ coordinates, ids, values }, id) => ({
      type: "Feature",
      id,
      geometry: { type: "Point", coordinates },
      properties: { count: ids.length, label: ids.length > 1 ? short(ids.length) : "", category: leading(values) },
    })),
  };
}

function leading(values: ReadonlyMap<string, number>): string {
  return [...values].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

function short(count: number): string {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`;
}
