/**
 * The map of a table: cells and points, a legend, the row in words, a table of the rows in view. Parts meet here alone;
 * each works without the others. In: an element with a description. Out: the element filled.
 */
import type { Geometry } from "geojson";
import type { Map as LibreMap } from "maplibre-gl";
import { busy, drawn, framed, make, plainButton } from "../page";
import type { RowFeature } from "../rows/service";
import { isRefusal, ServiceError } from "../service";
import { Words } from "../words";
import { Choice } from "./choice";
import type { MapDescription } from "./description";
import { DrawnRows, isFar, ROW_LAYERS } from "./drawn";
import { boxOf, groundMap, nameAreas, ready, sheets, showAll } from "./ground";
import { Legend } from "./legend";
import { nameExtent, nameLines, type Shown } from "./lines";
import { RowList } from "./list";
import { type Options, UNCHOSEN } from "./options";
import { Panel } from "./panel";
import { SOURCE } from "./tiles";

const NEAR = 15;
const WAIT = 250;
const WORLD = [-180, -90, 180, 90] as const;

/** Fill `element` with a map; without a browser that can draw one, with the table of its rows. */
export async function showMap(element: HTMLElement, description: MapDescription, options: Options = {}): Promise<MapView> {
  await sheets();
  const view = new MapView(element, description, options);
  await view.begin();
  return view;
}

export class MapView {
  /** MapLibre's map; null where nothing can be drawn. */
  map: LibreMap | null = null;
  readonly words: Words;
  readonly element: HTMLElement;
  /** Whether a click, or Enter, says what is there; not while somebody draws. */
  reads = true;
  private readonly extent: Geometry | null;
  private readonly layers: Shown;
  private readonly failed: (error: unknown) => void;
  private readonly description: MapDescription;
  private readonly choice: Choice;
  private readonly legend: Legend;
  private readonly panel: Panel;
  private readonly list: RowList;
  private readonly canvas = make("div", { class: "cp-map-canvas" });
  private readonly frame: HTMLElement;
  private readonly live = make("p", { role: "status", class: "cp-map-live" });
  private readonly note = make("p", { class: "cp-note", hidden: true });
  private readonly whole: HTMLButtonElement;
  private question: string;
  private readonly rows: DrawnRows;
  private waiting = 0;

  constructor(element: HTMLElement, description: MapDescription, options: Options) {
    const { extent = null, question = "", chooses = true, near = null, layers = UNCHOSEN, failed = () => undefined } = options;
    this.element = element;
    this.extent = extent;
    this.failed = failed;
    this.layers = layers;
    this.description = description;
    this.question = question;
    const words = (this.words = new Words(description));
    this.choice = new Choice(description);
    this.legend = new Legend(description, words, this.choice, chooses ? () => this.change() : null);
    this.panel = new Panel(description, words, { left: () => this.focus(), turned: (id) => this.map && this.rows.mark(this.map, id) }, near);
    this.rows = new DrawnRows(description, this.choice, { shaded: (breaks) => this.legend.cells(breaks), capped: (shown, total) => this.warn(shown, total) });
    this.list = new RowList(description, words, { said: (text) => this.say(text), failed, shown: (feature) => this.go(feature) });
    this.whole = plainButton(words.say("whole"), () => this.map && showAll(this.map, description), { class: "cp-map-button cp-map-whole" });
    const cross = make("span", { class: "cp-map-cross", "aria-hidden": "true" });
    this.frame = make("div", { class: "cp-map-frame" }, this.canvas, cross, this.whole, this.panel.element);
    const top = make("div", { class: "cp-map-top" }, this.frame, this.legend.element);
    element.replaceChildren(top, this.live, this.note, this.list.element);
  }

  /** Draw the map; where the browser cannot, its table has everything. */
  async begin(): Promise<void> {
    try {
      await this.draw();
    } catch {
      await this.onlyTable();
    }
  }

  private async draw(): Promise<void> {
    const { extent } = this;
    busy(this.frame, true);
    const map = await groundMap(this.canvas, this.description, extent);
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    map.on("error", (event) => this.fail(event));
    await ready(map);
    this.map = map;
    nameAreas(map, this.description);
    this.rows.put(map, this.question);
    nameExtent(this.legend, this.words, extent);
    nameLines(map, this.legend, this.words, this.description, this.layers);
    map.on("click", ({ point }) => this.reads && this.pick(point));
    for (const layer of ROW_LAYERS) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    map.on("movestart", () => busy(this.frame, true));
    map.on("idle", () => this.settle());
    map.on("moveend", () => this.askSoon());
    await this.ask();
  }

  private async onlyTable(): Promise<void> {
    this.frame.replaceChildren(make("p", { class: "cp-note" }, this.words.say("no_drawing")));
    this.legend.element.hidden = true;
    busy(this.frame, false);
    this.map = null;
    await this.ask();
  }

  /** Put something over the map and its legend. */
  above(element: HTMLElement): void {
    this.element.prepend(element);
  }

  /** Put something between the map and the table beside it. */
  below(element: HTMLElement): void {
    this.live.after(element);
  }

  /**
   * Show the rows that another question asks for, or those of the same `again`, which have not come; whoever asked sees the
   * rest of the page answer before the map is drawn.
   */
  async show(question: string, again = false): Promise<void> {
    if (question === this.question && !again) return;
    this.question = question;
    this.panel.close();
    busy(this.frame, true);
    await framed(); // who pressed something sees that first; there are fewer processors than questions
    if (question !== this.question) return;
    const listed = this.ask();
    if (this.map) await this.rows.change(this.map, question, drawn());
    await listed;
  }

  /** What is in view has been loaded and drawn. */
  private settle(): void {
    const { map } = this;
    if (!map || this.rows.question !== this.question) return;
    this.legend.far(isFar(map));
    if (this.rows.fit(map)) busy(this.frame, false);
  }

  /** Say that the map has not all rows in view; 0 where it has. */
  private warn(shown: number, total: number): void {
    this.note.hidden = total === 0;
    this.note.textContent = total ? this.words.say("capped", { shown, total, many: this.description.many }) : "";
  }

  /** Other categories: tiles and table follow. */
  private change(): void {
    if (this.map) this.rows.choose(this.map);
    this.askSoon();
  }

  private askSoon(): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    const box = this.map ? boxOf(this.map) : (this.description.bounds ?? WORLD);
    await this.list.ask(box, this.question, this.choice.cql2());
  }

  /** Say what is at a point of the canvas; return whether there is anything. */
  private pick(point: { readonly x: number; readonly y: number }): boolean {
    const { map } = this;
    if (!map) return false;
    const rows = this.rows.stackAt(map, point);
    if (rows) {
      void this.panel.show(rows.ids, rows.coordinates);
      return true;
    }
    const count = this.rows.countAt(map, point);
    const at = map.unproject([point.x, point.y]).toArray();
    if (count !== null) this.panel.cell(count, at, () => this.closer(map, at));
    else this.panel.close();
    return count !== null;
  }

  private closer(map: LibreMap, center: [number, number]): void {
    this.panel.close();
    map.easeTo({ center, zoom: Math.min(map.getZoom() + 2.5, NEAR) });
  }

  private press(event: KeyboardEvent): void {
    const canvas = this.map?.getCanvas();
    if (!canvas || event.key !== "Enter" || event.target !== canvas || !this.reads) return;
    const there = this.pick({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
    if (!there) this.say(this.words.say("nothing_here"));
  }

  private go({ id, geometry }: RowFeature): void {
    if (this.map && geometry) {
      const [longitude = 0, latitude = 0] = geometry.coordinates;
      this.map.jumpTo({ center: [longitude, latitude], zoom: Math.max(this.map.getZoom(), NEAR) });
      this.frame.scrollIntoView({ block: "nearest" });
    }
    void this.panel.show([Number(id)], geometry?.coordinates);
  }

  /** Whoever uses keys goes to the map. */
  focus(): void {
    this.map?.getCanvas().focus({ preventScroll: true });
  }

  private say(text: string): void {
    this.live.textContent = text;
  }

  private fail(event: object): void {
    if (!("sourceId" in event) || event.sourceId !== SOURCE) return;
    const { error } = event as { readonly error?: { readonly status?: number } };
    const fault = new ServiceError("", error?.status ?? 0);
    if (!isRefusal(fault)) this.say(this.words.say("no_points"));
    this.failed(fault);
  }
}
