/**
 * Points that lie on one another, as they do where places are generalised: one circle for each place, larger where more
 * rows are, in the colour of its most frequent category. In: the features of the tiles in view. Out: GeoJSON, and the ids
 * of the rows of each circle.
 */

const DIGITS = 5;
const NO_VALUE = "";

/** Return the stacks of `features`, which may repeat; `shown` says whether somebody wants to see a category. */
export function stack(features, category, shown) {
  const stacks = new Map();
  const seen = new Set();
  for (const { id, geometry, properties } of features) {
    const value = properties[category] ?? NO_VALUE;
    if (seen.has(id) || geometry.type !== "Point" || !shown(value)) continue;
    seen.add(id);
    const key = geometry.coordinates.map((part) => part.toFixed(DIGITS)).join();
    const there = stacks.get(key) ?? { coordinates: geometry.coordinates, ids: [], values: new Map() };
    there.ids.push(id);
    there.values.set(value, (there.values.get(value) ?? 0) + 1);
    stacks.set(key, there);
  }
  return [...stacks.values()].map((one) => ({ ...one, ids: one.ids.sort((a, b) => b - a) }));
}

/** Return stacks as GeoJSON: their place in the list as id, how many rows they have, and their leading category. */
export function asGeoJSON(stacks) {
  const features = stacks.map(({ coordinates, ids, values }, id) => ({
    type: "Feature",
    id,
    geometry: { type: "Point", coordinates },
    properties: { count: ids.length, label: ids.length > 1 ? short(ids.length) : "", category: leading(values) },
  }));
  return { type: "FeatureCollection", features };
}

function leading(values) {
  return [...values].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

function short(count) {
  return count < 1000 ? String(count) : `${Math.round(count / 1000)}k`;
}
