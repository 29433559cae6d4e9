/**
 * A box for the search page: drawn on a map, or taken from what it shows. In: an element inside a form with four
 * numbers. Out: the numbers filled.
 */

import { boxOf, groundMap, nameAreas, ready, sheets } from "./ground.js";
import { make } from "./page.js";
import { fill } from "./words.js";

const SIDES = ["ext_west", "ext_south", "ext_east", "ext_north"];
const DIGITS = 4;

/** Fill `element` with a map that fills the form around it. Where nothing can be drawn the form stays as it is. */
export async function show(element, description) {
  await sheets();
  const drawing = new Drawing(element, description);
  try {
    await drawing.draw();
  } catch {
    element.hidden = true;
  }
  element.dataset.ready = "";
}

class Drawing {
  constructor(element, description) {
    this.description = description;
    this.fields = SIDES.map((name) => element.closest("form").elements[name]);
    this.area = element.closest("form").elements.ext_area;
    this.canvas = make("div", { class: "cp-map-canvas" });
    this.button = make("button", { type: "button", class: "cp-map-button", "aria-pressed": "false" }, description.words.draw);
    this.live = make("p", { role: "status", class: "cp-small" });
    element.replaceChildren(make("div", { class: "cp-map-frame cp-map-small" }, this.canvas), this.button, this.live);
  }

  async draw() {
    const map = (this.map = groundMap(this.canvas, this.description));
    await ready(map);
    nameAreas(map);
    this.paint();
    this.button.addEventListener("click", () => this.begin(!this.drawing));
    for (const field of this.fields) field.addEventListener("input", () => this.paint());
    const canvas = map.getCanvas();
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", () => this.up());
    canvas.addEventListener("keydown", (event) => this.press(event));
  }

  begin(drawing) {
    this.drawing = drawing;
    this.button.setAttribute("aria-pressed", String(drawing));
    this.canvas.classList.toggle("cp-drawing", drawing);
    this.map.dragPan[drawing ? "disable" : "enable"]();
    this.map.touchZoomRotate[drawing ? "disable" : "enable"]();
    this.live.textContent = drawing ? this.description.words.drawing : "";
    if (drawing) this.map.getCanvas().focus({ preventScroll: true });
  }

  down(event) {
    if (!this.drawing) return;
    event.target.setPointerCapture(event.pointerId);
    this.corner = this.at(event);
  }

  move(event) {
    if (!this.corner) return;
    const other = this.at(event);
    const [west, east] = [this.corner.lng, other.lng].sort((a, b) => a - b);
    const [south, north] = [this.corner.lat, other.lat].sort((a, b) => a - b);
    this.take([west, south, east, north]);
  }

  up() {
    if (!this.corner) return;
    this.corner = null;
    this.finish();
  }

  press(event) {
    if (event.key === "Escape") this.begin(false);
    if (event.key !== "Enter" || !this.drawing) return;
    event.preventDefault();
    this.take(boxOf(this.map));
    this.finish();
  }

  finish() {
    this.begin(false);
    const box = this.fields.map((field) => field.value).join(", ");
    this.live.textContent = fill(this.description.words.drawn, { box });
    this.button.focus({ preventScroll: true });
  }

  take(box) {
    this.fields.forEach((field, side) => {
      field.value = box[side].toFixed(DIGITS);
    });
    if (this.area) this.area.value = "";
    this.paint();
  }

  /** Draw the box of the four numbers; none where they are no box. */
  paint() {
    const box = this.fields.map((field) => (field.value.trim() === "" ? NaN : Number(field.value)));
    const [west, south, east, north] = box;
    const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    const whole = box.every(Number.isFinite);
    const drawn = whole ? { type: "Polygon", coordinates: [ring] } : { type: "FeatureCollection", features: [] };
    this.map.getSource("extent").setData(drawn);
  }

  at(event) {
    const { left, top } = this.map.getCanvas().getBoundingClientRect();
    return this.map.unproject([event.clientX - left, event.clientY - top]);
  }
}
