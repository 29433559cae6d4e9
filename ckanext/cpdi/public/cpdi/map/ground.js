/** A map with its ground: how it is made, named and moved. In: an element and a description. Out: MapLibre's map. */

import { Map as LibreMap, NavigationControl, ScaleControl } from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { styleSheet } from "./page.js";
import { groundStyle, labelLayers } from "./style.js";

const SHEETS = ["../vendor/maplibre-gl/maplibre-gl.css", "./map.css"];
const PADDING = 24;

/** Load what the page of a map needs beside this module. */
export function sheets() {
  return Promise.all(SHEETS.map((name) => styleSheet(new URL(name, import.meta.url).href)));
}

/** Make a map of the ground in `element`; `extent` is a GeoJSON geometry or null. Throws where nothing can be drawn. */
export function groundMap(element, description, extent = null) {
  const { words } = description;
  const map = new LibreMap({
    container: element,
    style: groundStyle(description, extent),
    ...(description.bounds ? { bounds: description.bounds, fitBoundsOptions: { padding: PADDING } } : {}),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 18,
    locale: {
      "Map.Title": words.map,
      "NavigationControl.ZoomIn": words.zoom_in,
      "NavigationControl.ZoomOut": words.zoom_out,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: description.language.startsWith("en") ? "imperial" : "metric" }), "bottom-left");
  return map;
}

/** Resolve when the style is there, and rows may be put on the ground. */
export function ready(map) {
  return new Promise((done) => map.once("load", done));
}

/** Write the names above everything that is there now. */
export function nameAreas(map) {
  for (const layer of labelLayers()) map.addLayer(layer);
}

/** Show the whole area. */
export function showAll(map, description) {
  if (description.bounds) map.fitBounds(description.bounds, { padding: PADDING });
}

/** Return the box that is shown: west, south, east, north. */
export function boxOf(map) {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}
