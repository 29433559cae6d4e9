/** What is drawn of a filter: its shape, and the sketch of the next one. Below names, above rows. */
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import { EMPTY } from "./shapes";

/** The lowest layer above rows. */
export const ABOVE_ROWS = "shape-area";
const LINE = "#7b1fa2";
const CASING = "#fff";

/** Return the sources; both are empty at first. */
export function drawingSources(): Record<string, SourceSpecification> {
  return { shape: { type: "geojson", data: EMPTY }, sketch: { type: "geojson", data: EMPTY } };
}

/** Return the layers, the lowest first. */
export function drawingLayers(): LayerSpecification[] {
  return [
    { id: ABOVE_ROWS, type: "fill", source: "shape", paint: { "fill-color": LINE, "fill-opacity": 0.07 } },
    { id: "shape-casing", type: "line", source: "shape", paint: { "line-color": CASING, "line-width": 5, "line-opacity": 0.8 } },
    { id: "shape", type: "line", source: "shape", paint: { "line-color": LINE, "line-width": 2.5 } },
    { id: "sketch-casing", type: "line", source: "sketch", paint: { "line-color": CASING, "line-width": 5, "line-opacity": 0.8 } },
    { id: "sketch", type: "line", source: "sketch", paint: { "line-color": LINE, "line-width": 2.5, "line-dasharray": [2, 1.5] } },
    {
      id: "sketch-corners", type: "circle", source: "sketch", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": CASING, "circle-radius": 5, "circle-stroke-color": LINE, "circle-stroke-width": 2.5 },
    },
  ];
}
