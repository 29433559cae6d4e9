/**
 * The outlines of the places that points stand for, where somebody points into one. In: a map that shows outlines, a point
 * of its canvas, the stacks in view. Out: the stack of the place.
 */
import type { LayerSpecification, Map as LibreMap, PointLike } from "maplibre-gl";
import type { Stack } from "./stacks";
import { POINTS_FROM } from "./tiles";

const GROUND = "place-grounds";
/** How far from its place's point a stack may lie, in pixels: tiles round. */
const ROUNDED = 4;

/** The ground within outlines, which takes clicks and is not seen. */
export const PLACE_GROUND: LayerSpecification = {
  id: GROUND, type: "fill", source: "places", filter: ["==", ["geometry-type"], "Polygon"], minzoom: POINTS_FROM,
  paint: { "fill-opacity": 0 },
};

/** Return the stack of a place whose outline has `point` in it; undefined where none is drawn, or none of its rows is shown. */
export function stackAround(map: LibreMap, point: PointLike, stacks: readonly Stack[]): Stack | undefined {
  for (const { properties } of map.queryRenderedFeatures(point, { layers: [GROUND] })) {
    const middle = map.project([Number(properties["longitude"]), Number(properties["latitude"])]);
    const far = ({ coordinates: [longitude = 0, latitude = 0] }: Stack): number => map.project([longitude, latitude]).dist(middle);
    const [nearest] = stacks.map((one) => ({ one, far: far(one) })).sort((a, b) => a.far - b.far);
    if (nearest && nearest.far <= ROUNDED) return nearest.one;
  }
  return undefined;
}
