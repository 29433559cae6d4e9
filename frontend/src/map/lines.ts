/** The lines of a table's map in its legend: declared areas, what points stand for, the extent. Each is switched there. */
import type { Geometry } from "geojson";
import type { GeoJSONSource, Map as LibreMap } from "maplibre-gl";
import type { Words } from "../words";
import { lookOf, readShown, switchLayer, writeShown } from "./areas";
import type { MapDescription } from "./description";
import { EMPTY } from "./draw/shapes";
import type { Legend } from "./legend";
import { POINTS_FROM } from "./tiles";

/** Which layers of areas are shown, as an address has it; `changed` is told of another choice. */
export interface Shown {
  readonly text: string;
  readonly changed: (text: string) => void;
}

/** Put the lines of `map` into `legend`, and let it switch them. */
export function nameLines(map: LibreMap, legend: Legend, words: Words, description: MapDescription, shown: Shown): void {
  const { layers } = description;
  const names = new Set(readShown(shown.text, layers));
  for (const { name, title } of layers) {
    switchLayer(map, name, names.has(name));
    const { colour, css } = lookOf(layers, name);
    legend.option(title, { colour, css, checked: names.has(name) }, (wanted) => {
      switchLayer(map, name, wanted);
      if (wanted) names.add(name);
      else names.delete(name);
      shown.changed(writeShown(names, layers));
    });
  }
  legend.option(words.say("places"), { colour: "#8593a5", css: "solid", checked: false }, (wanted) => {
    const data = wanted ? new URL(description.places, location.href).href : EMPTY;
    void map.getSource<GeoJSONSource>("places")?.setData(data);
    if (wanted && map.getZoom() < POINTS_FROM) map.easeTo({ zoom: POINTS_FROM + 1 });
  });
}

/** Say what the dashed rectangle of a dataset's extent is. */
export function nameExtent(legend: Legend, words: Words, extent: Geometry | null): void {
  if (extent) legend.line("extent", words.say("extent"));
}
