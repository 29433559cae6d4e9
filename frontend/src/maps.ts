/** Finds the maps of a page, and loads what they need when they are about to be seen. */
import type { Geometry } from "geojson";
import type { Ground, MapDescription } from "./map/description";
import { whenNear } from "./page";

type Show = (element: HTMLElement, data: string, extent: Geometry | null) => Promise<unknown>;

/** Kinds of maps by the name of `data-kind`. */
const KINDS: Readonly<Record<string, Show>> = {
  table: async (element, data, extent) => (await import("./map/view")).showMap(element, JSON.parse(data) as MapDescription, { extent }),
  box: async (element, data) => (await import("./map/box")).showBox(element, JSON.parse(data) as Ground),
};

async function begin(element: HTMLElement): Promise<void> {
  const { map = "{}", kind = "", extent } = element.dataset;
  await KINDS[kind]?.(element, map, extent ? (JSON.parse(extent) as Geometry) : null);
  element.dataset["ready"] = "";
}

function find(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-kind][data-map]:not([data-found])")) {
    element.dataset["found"] = "";
    whenNear(element, () => void begin(element));
  }
}

find();
// The search page is changed in place.
document.body.addEventListener("htmx:load", find);
