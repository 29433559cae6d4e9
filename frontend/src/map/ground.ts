/** A map with its ground: how it is made, named and moved. In: an element and a description. Out: MapLibre's map. */
import { AttributionControl, Map as LibreMap, NavigationControl, ScaleControl } from "maplibre-gl";
import type { Geometry } from "geojson";
import { styleSheet } from "../page";
import { type Base, baseOf } from "./base/base";
import type { Bounds, Ground } from "./description";
import { drawingLayers } from "./draw/layers";
import { groundStyle, labelLayers } from "./style";

/** Where MapLibre and its own style lie as they come, seen from this module; the build says it. */
declare const MAPLIBRE: string;
const PADDING = 24;
/** What is so many times higher than something shows it as a dot. */
const LEAST = 8;

/** Load what the page of a map needs beside this module. */
export async function sheets(): Promise<void> {
  const ours = new URL("./map.css", import.meta.url);
  await Promise.all([new URL(`${MAPLIBRE}/maplibre-gl.css`, import.meta.url), ours].map((sheet) => styleSheet(sheet.href)));
}

/** Load the operator's base map; null without one, or where it does not come: maps are whole without it. */
async function baseMap({ base, language }: Ground): Promise<Base | null> {
  if (!base) return null;
  try {
    return await baseOf(base, language);
  } catch (error) {
    console.warn("The base map of this portal does not come.", error);
    return null;
  }
}

/** Make a map of the ground in `element`. Throws where nothing can be drawn. */
export async function groundMap(element: HTMLElement, ground: Ground, extent: Geometry | null = null): Promise<LibreMap> {
  const base = await baseMap(ground);
  const { words, bounds } = ground;
  const map = new LibreMap({
    container: element,
    style: groundStyle(ground, extent, base),
    ...(bounds ? { bounds: [...bounds], fitBoundsOptions: { padding: PADDING } } : {}),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 18,
    fadeDuration: 0, // a map that fades in rests only when it has faded, and stacks come when it rests
    locale: {
      "Map.Title": words["map"] ?? "",
      "NavigationControl.ZoomIn": words["zoom_in"] ?? "",
      "NavigationControl.ZoomOut": words["zoom_out"] ?? "",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (base) map.addControl(new AttributionControl({ compact: false, ...credit(ground) }), "bottom-right");
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  // What was drawn is given away with the frame that showed it: on paper it would be white.
  addEventListener("beforeprint", () => map.redraw());
  map.addControl(new ScaleControl({ unit: ground.language.startsWith("en") ? "imperial" : "metric" }), "bottom-left");
  return map;
}

/** Whom the operator names; the text is no markup, whatever it looks like. */
function credit({ base }: Ground): { customAttribution?: string } {
  const escape = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return base?.attribution ? { customAttribution: escape(base.attribution) } : {};
}

/** Resolve when the style is there, and rows may be put on the ground. */
export async function ready(map: LibreMap): Promise<void> {
  await map.once("load");
}

/** Put above everything that is there now what is drawn, and the names. */
export function nameAreas(map: LibreMap, ground: Ground): void {
  for (const layer of [...drawingLayers(), ...labelLayers(ground)]) map.addLayer(layer);
}

/** Show the whole area. */
export function showAll(map: LibreMap, { bounds }: Ground): void {
  if (bounds) map.fitBounds([...bounds], { padding: PADDING });
}

/** Show a box with what is around it, unless it is in sight already, and no mere dot. */
export function goTo(map: LibreMap, [west, south, east, north]: Bounds): void {
  const seen = map.getBounds();
  const isThere = seen.contains([west, south]) && seen.contains([east, north]);
  const isDot = (north - south) * LEAST < seen.getNorth() - seen.getSouth();
  if (!isThere || isDot) map.fitBounds([west, south, east, north], { padding: 3 * PADDING });
}

/** Return the box that is shown. */
export function boxOf(map: LibreMap): Bounds {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}
