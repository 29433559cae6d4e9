/**
 * A box for the search page: drawn on a map, or taken from what it shows. In: an element inside a form with four
 * numbers. Out: the numbers filled.
 */
import type { Geometry } from "geojson";
import type { GeoJSONSource, LngLat, Map as LibreMap } from "maplibre-gl";
import { make, plainButton } from "../page";
import { Words } from "../words";
import type { Bounds, Ground } from "./description";
import { EMPTY } from "./draw/shapes";
import { boxOf, groundMap, nameAreas, ready, sheets } from "./ground";

const SIDES = ["ext_west", "ext_south", "ext_east", "ext_north"] as const;
const AREA = "ext_area";
const DIGITS = 4;

/** Fill `element` with a map that fills the form around it. Where nothing can be drawn the form stays as it is. */
export async function showBox(element: HTMLElement, ground: Ground): Promise<void> {
  await sheets();
  try {
    await new Drawing(element, ground).draw();
  } catch {
    element.hidden = true;
  }
}

class Drawing {
  private readonly ground: Ground;
  private readonly words: Words;
  private readonly fields: readonly HTMLInputElement[];
  private readonly area: Element | null;
  private readonly canvas = make("div", { class: "cp-map-canvas" });
  private readonly live = make("p", { role: "status", class: "cp-small" });
  private readonly button: HTMLButtonElement;
  private map: LibreMap | null = null;
  private drawing = false;
  private corner: LngLat | null = null;

  constructor(element: HTMLElement, ground: Ground) {
    const form = element.closest("form");
    this.ground = ground;
    this.words = new Words({ ...ground, one: "", many: "", columns: [] });
    this.fields = SIDES.flatMap((name) => form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? []);
    this.area = form?.querySelector(`[name=${AREA}]`) ?? null;
    this.button = plainButton(this.words.say("draw"), () => this.begin(!this.drawing), { class: "cp-map-button", "aria-pressed": "false" });
    element.replaceChildren(make("div", { class: "cp-map-frame cp-map-small" }, this.canvas), this.button, this.live);
  }

  async draw(): Promise<void> {
    const map = await groundMap(this.canvas, this.ground);
    await ready(map);
    this.map = map;
    nameAreas(map, this.ground);
    this.paint();
    for (const field of this.fields) field.addEventListener("input", () => this.paint());
    const canvas = map.getCanvas();
    canvas.addEventListener("pointerdown", (event) => this.down(event, canvas));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", () => this.up());
    canvas.addEventListener("keydown", (event) => this.press(event));
  }

  private begin(drawing: boolean): void {
    const { map } = this;
    if (!map) return;
    this.drawing = drawing;
    this.button.setAttribute("aria-pressed", String(drawing));
    this.canvas.classList.toggle("cp-drawing", drawing);
    for (const hand of [map.dragPan, map.touchZoomRotate]) hand[drawing ? "disable" : "enable"]();
    this.live.textContent = drawing ? this.words.say("drawing") : "";
    if (drawing) map.getCanvas().focus({ preventScroll: true });
  }

  private down(event: PointerEvent, canvas: HTMLCanvasElement): void {
    if (!this.drawing) return;
    canvas.setPointerCapture(event.pointerId);
    this.corner = this.at(event);
  }

  private move(event: PointerEvent): void {
    const other = this.corner && this.at(event);
    if (!this.corner || !other) return;
    const { lng, lat } = this.corner;
    this.take([Math.min(lng, other.lng), Math.min(lat, other.lat), Math.max(lng, other.lng), Math.max(lat, other.lat)]);
  }

  private up(): void {
    if (!this.corner) return;
    this.corner = null;
    this.finish();
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Escape") this.begin(false);
    if (event.key !== "Enter" || !this.drawing || !this.map) return;
    event.preventDefault();
    this.take(boxOf(this.map));
    this.finish();
  }

  private finish(): void {
    this.begin(false);
    this.live.textContent = this.words.say("drawn", { box: this.fields.map((field) => field.value).join(", ") });
    this.button.focus({ preventScroll: true });
  }

  private take(box: Bounds): void {
    this.fields.forEach((field, side) => {
      field.value = box[side]?.toFixed(DIGITS) ?? "";
    });
    if (this.area instanceof HTMLSelectElement) this.area.value = "";
    this.paint();
  }

  /** Draw the box of the four numbers; none where they are no box. */
  private paint(): void {
    const [west = NaN, south = NaN, east = NaN, north = NaN] = this.fields.map((field) => (field.value.trim() ? Number(field.value) : NaN));
    const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    const whole = [west, south, east, north].every(Number.isFinite);
    const drawn: Geometry = { type: "Polygon", coordinates: [ring] };
    void this.map?.getSource<GeoJSONSource>("extent")?.setData(whole ? drawn : EMPTY);
  }

  private at(event: PointerEvent): LngLat | null {
    const { map } = this;
    if (!map) return null;
    const { left, top } = map.getCanvas().getBoundingClientRect();
    return map.unproject([event.clientX - left, event.clientY - top]);
  }
}
