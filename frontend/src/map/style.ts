/**
 * How a map looks: the ground (boundary and areas, nothing from other sites), cells by their counts, points by their
 * category. In: a description and a choice of categories. Out: sources and layers for MapLibre.
 */
import type { Geometry } from "geojson";
import type {
  CircleLayerSpecification,
  ExpressionSpecification,
  FillLayerSpecification,
  FilterSpecification,
  LayerSpecification,
  Map as LibreMap,
  StyleSpecification,
} from "maplibre-gl";
import { areaLines, areaNames, layerIs } from "./areas";
import type { Base } from "./base/base";
import type { Choice } from "./choice";
import type { Ground, MapDescription } from "./description";
import { drawingSources } from "./draw/layers";
import { EMPTY } from "./draw/shapes";
import { PLACE_GROUND } from "./places";
import { CAPPED, CELLS, POINTS, POINTS_FROM, SOURCE } from "./tiles";

/** From few to many, one hue. */
export const SHADES = ["#d6e6f4", "#9fc8e4", "#5ba3cf", "#2171b5", "#08306b"] as const;
const INK = "#1a2433";
const SINGLE = "#0072b2";
const FONT = ["sans-serif"];

type FillPaint = NonNullable<FillLayerSpecification["paint"]>;
type CirclePaint = NonNullable<CircleLayerSpecification["paint"]>;

/** What lies below all where the operator has no base map: water or wherever, and the city. */
const BARE: readonly LayerSpecification[] = [
  { id: "ground", type: "background", paint: { "background-color": "#e3eaf1" } },
  { id: "city", type: "fill", source: "areas", filter: layerIs("boundary"), paint: { "fill-color": "#fbfcfd" } },
];

/** Return the style of a map that has its ground alone, with the operator's `base` map below it if there is one. */
export function groundStyle(ground: Ground, extent: Geometry | null, base: Base | null): StyleSpecification {
  return {
    version: 8,
    transition: { duration: 0, delay: 0 },
    ...(base?.sprite ? { sprite: base.sprite } : {}),
    sources: {
      ...base?.sources,
      areas: { type: "geojson", data: new URL(ground.areas, location.href).href },
      places: { type: "geojson", data: EMPTY },
      extent: { type: "geojson", data: extent ?? EMPTY },
      stacks: { type: "geojson", data: EMPTY },
      ...drawingSources(),
    },
    layers: [
      ...(base?.layers ?? BARE),
      PLACE_GROUND,
      {
        id: "places", type: "line", source: "places", filter: ["!=", ["geometry-type"], "Point"], minzoom: POINTS_FROM,
        paint: { "line-color": "#aebccb", "line-width": 0.8 },
      },
      ...areaLines(ground.layers),
      {
        id: "extent", type: "line", source: "extent",
        paint: { "line-color": "#8a5300", "line-width": 2, "line-dasharray": [2, 2] },
      },
    ],
  };
}

/** Return the names that are written above everything else. */
export function labelLayers({ layers }: Ground): LayerSpecification[] {
  return [
    {
      id: "place-names", type: "symbol", source: "places", minzoom: 15,
      layout: {
        "text-field": ["get", "label"], "text-font": FONT, "text-size": 11, "text-max-width": 8,
        "text-anchor": "top", "text-offset": [0, 1.2],
      },
      paint: { "text-color": "#4a586a", "text-halo-color": "#fff", "text-halo-width": 1.5 },
    },
    ...areaNames(layers, FONT),
  ];
}

/** Return the layers of a table's rows; `breaks` are the counts at which cells get darker, the first is 1. */
export function rowLayers(description: MapDescription, choice: Choice, breaks: readonly number[]): LayerSpecification[] {
  const cells = { source: SOURCE, "source-layer": CELLS, maxzoom: POINTS_FROM };
  const points = { source: SOURCE, "source-layer": POINTS, minzoom: POINTS_FROM };
  return [
    { ...cells, id: "cells", type: "fill", filter: cellFilter(choice, "Polygon"), paint: fillPaint(choice, breaks) },
    { ...cells, id: "cell-points", type: "circle", filter: cellFilter(choice, "Point"), paint: dotPaint(choice, breaks) },
    // Points are drawn as stacks; these layers have what tiles say loaded.
    { ...points, id: "capped", type: "line", "source-layer": CAPPED, paint: { "line-opacity": 0 } },
    { ...points, id: "points", type: "circle", paint: { "circle-radius": 0, "circle-opacity": 0 } },
    {
      id: "stacks", type: "circle", source: "stacks", minzoom: POINTS_FROM,
      layout: { "circle-sort-key": ["-", ["get", "count"]] }, paint: stackPaint(description),
    },
    {
      id: "counts", type: "symbol", source: "stacks", minzoom: POINTS_FROM + 1,
      layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 11, "text-allow-overlap": false },
      paint: { "text-color": INK, "text-halo-color": "#fff", "text-halo-width": 1.6 },
    },
  ];
}

/** Bring the layers of a map that shows them already up to another choice or other breaks. */
export function restyle(map: LibreMap, choice: Choice, breaks: readonly number[]): void {
  map.setFilter("cells", cellFilter(choice, "Polygon"));
  map.setFilter("cell-points", cellFilter(choice, "Point"));
  map.setPaintProperty("cells", "fill-color", shades(choice, breaks));
  map.setPaintProperty("cell-points", "circle-color", shades(choice, breaks));
}

/** Return at which counts cells get darker: round numbers, evenly spaced as factors, up to the largest count. */
export function breaksOf(largest: number): number[] {
  const steps = SHADES.map((_, at) => round(Math.max(largest, 1) ** (at / SHADES.length)));
  return [...new Set(steps)];
}

function round(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(value));
  const first = value / ten;
  return Math.max(1, (first < 1.5 ? 1 : first < 3.5 ? 2 : first < 7.5 ? 5 : 10) * ten);
}

/** Return the shade of each break; the largest counts have the darkest. */
export function shadesOf(breaks: readonly number[]): readonly string[] {
  return SHADES.slice(SHADES.length - breaks.length);
}

function shades(choice: Choice, breaks: readonly number[]): ExpressionSpecification | string {
  const [first = SINGLE, ...others] = shadesOf(breaks);
  const steps = others.flatMap((shade, at) => [breaks[at + 1] ?? 1, shade]);
  return steps.length > 0 ? (["step", choice.count(), first, ...steps] as ExpressionSpecification) : first;
}

function cellFilter(choice: Choice, geometry: "Polygon" | "Point"): FilterSpecification {
  return ["all", ["==", ["geometry-type"], geometry], [">", choice.count(), 0]];
}

function fillPaint(choice: Choice, breaks: readonly number[]): FillPaint {
  return { "fill-color": shades(choice, breaks), "fill-opacity": 0.85, "fill-outline-color": "#fff" };
}

function dotPaint(choice: Choice, breaks: readonly number[]): CirclePaint {
  return {
    "circle-color": shades(choice, breaks), "circle-radius": 5,
    "circle-stroke-color": INK, "circle-stroke-width": 0.5,
  };
}

function stackPaint(description: MapDescription): CirclePaint {
  const chosen: ExpressionSpecification = ["boolean", ["feature-state", "chosen"], false];
  return {
    "circle-color": colour(description),
    // Areas of circles are to each other as their rows, up to a size that leaves the neighbours in sight.
    "circle-radius": ["interpolate", ["linear"], ["zoom"], POINTS_FROM, radius(1), 17, radius(2.2)],
    "circle-opacity": 0.9,
    "circle-stroke-color": INK,
    "circle-stroke-width": ["case", chosen, 3.5, 0.8],
  };
}

function radius(scale: number): ExpressionSpecification {
  return ["*", scale, ["min", 16, ["+", 3.5, ["*", 0.9, ["sqrt", ["get", "count"]]]]]];
}

function colour({ categories, other }: MapDescription): ExpressionSpecification | string {
  if (categories.length === 0) return SINGLE;
  const pairs = categories.flatMap((one) => [one.value, one.colour]);
  return ["match", ["get", "category"], ...pairs, other] as unknown as ExpressionSpecification;
}
