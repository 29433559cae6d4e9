/**
 * Layers of declared areas: how each is drawn, and which are shown. In: what the description says of them. Out: layers for
 * MapLibre, and the names that stand in the address.
 */
import type { ExpressionSpecification, LayerSpecification, Map as LibreMap } from "maplibre-gl";
import type { AreaLayer } from "./description";

const BOUNDARY = "boundary";
const NONE = "none";
const WIDTH = 1.6;
/** Told apart by dashes as well as by colour; the boundary is a line. */
const LOOKS: readonly { readonly colour: string; readonly dash: readonly number[]; readonly css: string }[] = [
  { colour: "#566579", dash: [3, 2], css: "dashed" },
  { colour: "#8a4b00", dash: [1, 1.5], css: "dotted" },
  { colour: "#00594f", dash: [6, 2], css: "dashed" },
  { colour: "#5b2a86", dash: [2, 1], css: "dotted" },
];
const OUTLINE = { colour: "#12305a", css: "solid" };

type Look = { readonly colour: string; readonly css: string; readonly dash?: readonly number[] };

/** Return how a layer is drawn. */
export function lookOf(layers: readonly AreaLayer[], name: string): Look {
  const others = layers.filter((one) => one.name !== BOUNDARY);
  const at = others.findIndex((one) => one.name === name);
  return LOOKS[at % LOOKS.length] ?? OUTLINE;
}

/** Return the layers that are shown to who has not chosen: the boundary, and what else comes first. */
export function atFirst(layers: readonly AreaLayer[]): string[] {
  const [first] = layers.filter((one) => one.name !== BOUNDARY);
  return layers.filter((one) => one.name === BOUNDARY || one === first).map((one) => one.name);
}

/** Read which layers an address shows; those that there are not are left out. */
export function readShown(text: string, layers: readonly AreaLayer[]): ReadonlySet<string> {
  const names = text ? text.split(",") : atFirst(layers);
  return new Set(layers.map((one) => one.name).filter((name) => names.includes(name)));
}

/** Write which layers are shown; empty where they are those of who has not chosen. */
export function writeShown(shown: ReadonlySet<string>, layers: readonly AreaLayer[]): string {
  const names = layers.map((one) => one.name).filter((name) => shown.has(name));
  return names.join() === atFirst(layers).join() ? "" : names.join() || NONE;
}

/** Return the lines of the layers, the boundary above the others. */
export function areaLines(layers: readonly AreaLayer[]): LayerSpecification[] {
  return [...layers].reverse().map(({ name }) => {
    const { colour, dash } = lookOf(layers, name);
    const paint = { "line-color": colour, "line-width": dash ? WIDTH : 2, ...(dash ? { "line-dasharray": [...dash] } : {}) };
    return { id: `areas-${name}`, type: "line", source: "areas", filter: layerIs(name), paint };
  });
}

/** Return the names of the areas of the layers; the boundary has none, since the whole map is of it. */
export function areaNames(layers: readonly AreaLayer[], font: readonly string[]): LayerSpecification[] {
  const named = layers.filter((one) => one.name !== BOUNDARY);
  return named.map(({ name }) => ({
    id: `area-names-${name}`, type: "symbol", source: "areas", filter: layerIs(name),
    layout: { "text-field": ["get", "name"], "text-font": [...font], "text-size": 12 },
    paint: { "text-color": lookOf(layers, name).colour, "text-halo-color": "#fff", "text-halo-width": 2 },
  }));
}

/** Show or hide lines and names of a layer. */
export function switchLayer(map: LibreMap, name: string, shown: boolean): void {
  for (const id of [`areas-${name}`, `area-names-${name}`]) {
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
  }
}

/** The condition on areas of a layer. */
export function layerIs(name: string): ExpressionSpecification {
  return ["==", ["get", "layer"], name];
}
