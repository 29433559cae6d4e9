/**
 * A box for the search page, drawn as on an explorer's map. In: an element inside a form with four numbers. Out: the numbers
 * filled; the box of numbers that are typed is drawn.
 */
import type { Filter } from "../filter/filter";
import { make } from "../page";
import { Words } from "../words";
import type { Ground } from "./description";
import { Tools } from "./draw/tools";
import { groundMap, nameAreas, ready, sheets } from "./ground";

const SIDES = ["ext_west", "ext_south", "ext_east", "ext_north"] as const;
const AREA = "ext_area";

/** Fill `element` with a map that fills the form around it. Where nothing can be drawn the form stays as it is. */
export async function showBox(element: HTMLElement, ground: Ground): Promise<void> {
  await sheets();
  try {
    await draw(element, ground);
  } catch {
    element.hidden = true;
  }
}

async function draw(element: HTMLElement, ground: Ground): Promise<void> {
  const form = element.closest("form");
  const fields = SIDES.flatMap((name) => form?.querySelector<HTMLInputElement>(`[name=${name}]`) ?? []);
  const area = form?.querySelector(`[name=${AREA}]`);
  const canvas = make("div", { class: "cp-map-canvas" });
  const cross = make("span", { class: "cp-map-cross", "aria-hidden": "true" });
  element.replaceChildren(make("div", { class: "cp-map-frame cp-map-small" }, canvas, cross));
  const map = await groundMap(canvas, ground);
  await ready(map);
  nameAreas(map, ground);
  const words = new Words({ ...ground, one: "", many: "", columns: [] });
  const focus = (): void => map.getCanvas().focus({ preventScroll: true });
  const tools = new Tools({ element, words, map, reads: true, focus }, ["box"], ({ box }) => {
    fields.forEach((field, side) => (field.value = String(box?.[side] ?? "")));
    if (area instanceof HTMLSelectElement) area.value = "";
    paint();
  });
  element.prepend(tools.element);
  const paint = (): void => tools.show({ filter: { box: boxOf(fields), polygon: null, near: null } });
  for (const field of fields) field.addEventListener("input", paint);
  paint();
}

/** Return the box of four numbers; null where they are none. */
function boxOf(fields: readonly HTMLInputElement[]): Filter["box"] {
  const [west = NaN, south = NaN, east = NaN, north = NaN] = fields.map(({ value }) => (value.trim() ? Number(value) : NaN));
  return [west, south, east, north].every(Number.isFinite) ? [west, south, east, north] : null;
}
