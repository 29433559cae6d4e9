/**
 * The map of an explorer: it follows each change of the filter, and no movement of a brush. MapLibre is loaded when the
 * map is about to be seen.
 */
import type { Geometry } from "geojson";
import type { Face, View } from "../explorer";
import { whenNear } from "../page";
import type { MapDescription } from "./description";
import type { MapView } from "./view";

class MapFace implements Face {
  private readonly element: HTMLElement;
  private map: Promise<MapView> | null = null;
  private question = "";

  constructor(element: HTMLElement) {
    this.element = element;
    whenNear(element, () => {
      this.map = this.begin();
    });
  }

  show({ question }: View): void {
    if (question === this.question) return;
    this.question = question;
    void this.map?.then((map) => map.show(this.question));
  }

  private async begin(): Promise<MapView> {
    const { map = "{}", extent, chooses } = this.element.dataset;
    const { showMap } = await import("./view");
    const { question } = this;
    const view = await showMap(this.element, JSON.parse(map) as MapDescription, {
      extent: extent ? (JSON.parse(extent) as Geometry) : null,
      question,
      chooses: chooses !== undefined,
    });
    // Somebody may have changed the filter while the map was loaded.
    await view.show(this.question);
    this.element.dataset["drawn"] = "";
    return view;
  }
}

/** Mount the map in an element that has a map's description. */
export function mount(element: HTMLElement): Face {
  return new MapFace(element);
}
