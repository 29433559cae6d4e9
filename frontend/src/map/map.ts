/**
 * The map of an explorer: it follows each change of the filter, and no movement of a brush. MapLibre is loaded when the
 * map is about to be seen.
 */
import type { Geometry } from "geojson";
import type { Explorer, Face, View } from "../explorer";
import { METRES, rounded } from "../filter/near";
import { whenNear } from "../page";
import type { MapDescription } from "./description";
import type { MapView } from "./view";

/** The parameter of the address that says which layers of areas are shown. */
const LAYERS = "layers";

/** A map, and what stands above and below it. */
interface Drawn {
  readonly map: MapView;
  readonly parts: readonly Face[];
}

class MapFace implements Face {
  private readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private drawn: Promise<Drawn | null> | null = null;
  private question = "";
  private attempt = 0;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.element = element;
    this.explorer = explorer;
    whenNear(element, () => this.load());
  }

  show(view: View): void {
    const again = view.attempt !== this.attempt;
    this.question = view.question;
    this.attempt = view.attempt;
    void this.drawn?.then((drawn) => {
      for (const part of drawn?.parts ?? []) part.show(view);
      void drawn?.map.show(this.question, again);
      if (!drawn && again) this.load();
    });
  }

  /** Load the map; where its parts do not come, there is none until everything is asked for again. */
  private load(): void {
    this.drawn = this.begin().catch((error: unknown) => {
      this.explorer.lack(error);
      return null;
    });
  }

  private async begin(): Promise<Drawn> {
    const { map: told = "{}", extent, chooses } = this.element.dataset;
    const [{ sheets }, { MapView }, { Tools }, { TOOLS }, { Unplaced }] = await Promise.all([
      import("./ground"),
      import("./view"),
      import("./draw/tools"),
      import("./draw/pencil"),
      import("./unplaced"),
    ]);
    const { question, explorer } = this;
    const description = JSON.parse(told) as MapDescription;
    await sheets();
    const map = new MapView(this.element, description, {
      extent: extent ? (JSON.parse(extent) as Geometry) : null,
      question,
      chooses: chooses !== undefined,
      failed: (error) => explorer.lack(error),
      layers: { text: explorer.view.looks.get(LAYERS) ?? "", changed: (text) => explorer.look(LAYERS, text) },
      near: (at) => void explorer.set({ near: { at: rounded(at), metres: METRES } }),
    });
    const unplaced = new Unplaced(explorer, map.words, description.point);
    const tools = new Tools(map, TOOLS, (change) => void explorer.set(change));
    map.below(unplaced.element);
    map.above(tools.element);
    await map.begin();
    if (!map.map) tools.element.remove();
    const parts = [unplaced, tools];
    // Somebody may have changed the filter while the map was loaded.
    for (const part of parts) part.show(explorer.view);
    await map.show(this.question);
    this.element.dataset["drawn"] = "";
    return { map, parts };
  }
}

/** Mount the map in an element that has a map's description. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new MapFace(element, explorer);
}
