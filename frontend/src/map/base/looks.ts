/**
 * Vector tiles of a base map in a quiet look, by the names that layers have in the usual schemas (Protomaps, OpenMapTiles,
 * Shortbread). In: the names that a file has. Out: layers.
 */
import type { LayerSpecification } from "maplibre-gl";
import { PREFIX } from "./base";

export const SOURCE = `${PREFIX}archive`;
const FONT = ["sans-serif"];
const LAND = "#f6f5f1";

type Shape = "Polygon" | "LineString" | "Point";

/** Which layers are drawn, the lowest first: the words that their names have, and how. */
const LOOKS: readonly { readonly names: RegExp; readonly shape: Shape; readonly paint: LayerSpecification["paint"]; readonly minzoom?: number }[] = [
  { names: /^(earth|land|landcover)$/, shape: "Polygon", paint: { "fill-color": LAND } },
  { names: /park|landuse|green/, shape: "Polygon", paint: { "fill-color": "#e6ede0", "fill-opacity": 0.6 } },
  { names: /water|ocean/, shape: "Polygon", paint: { "fill-color": "#cfe0ec" } },
  { names: /water/, shape: "LineString", paint: { "line-color": "#b6cfe0", "line-width": 1 } },
  { names: /building/, shape: "Polygon", minzoom: 14, paint: { "fill-color": "#e4e0d8" } },
  {
    names: /road|street|transportation$/, shape: "LineString",
    paint: { "line-color": "#c6c0b4", "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 9, 0.4, 14, 1.6, 18, 9] },
  },
];
const NAMED = /road|street|transportation_name|place/;

/** Return the layers that are drawn of those with these names. */
export function vectorLayers(names: readonly string[], language: string): LayerSpecification[] {
  const drawn = LOOKS.flatMap(({ names: wanted, shape, paint, minzoom }) =>
    names.filter((name) => wanted.test(name)).map((name) => ({
      id: `${PREFIX}${name}-${shape}`, type: shape === "Polygon" ? "fill" : "line", source: SOURCE, "source-layer": name,
      filter: ["==", ["geometry-type"], shape], paint, ...(minzoom ? { minzoom } : {}),
    })),
  );
  const labels = names.filter((name) => NAMED.test(name)).map((name) => ({
    id: `${PREFIX}${name}-names`, type: "symbol", source: SOURCE, "source-layer": name, minzoom: /place/.test(name) ? 0 : 14,
    layout: {
      "text-field": ["coalesce", ["get", `name:${language.slice(0, 2)}`], ["get", "name"]], "text-font": FONT, "text-size": 11,
      ...(/place/.test(name) ? {} : { "symbol-placement": "line" }),
    },
    paint: { "text-color": "#5c5f66", "text-halo-color": "#fff", "text-halo-width": 1.4 },
  }));
  const land = { id: `${PREFIX}land`, type: "background", paint: { "background-color": LAND } };
  return [land, ...drawn, ...labels] as LayerSpecification[];
}
