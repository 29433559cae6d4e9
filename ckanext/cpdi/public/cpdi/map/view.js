/**
 * The map of a table: cells and points, a legend, the row in words, a table of the rows in view. Parts meet here alone;
 * each works without the others. In: an element with a description. Out: the element filled.
 */

import { Choice } from "./choice.js";
import { boxOf, groundMap, nameAreas, ready, sheets, showAll } from "./ground.js";
import { Legend } from "./legend.js";
import { make } from "./page.js";
import { Panel } from "./panel.js";
import { asGeoJSON, stack } from "./stacks.js";
import { breaksOf, restyle, rowLayers } from "./style.js";
import { Table } from "./table.js";
import { CAPPED, POINTS, POINTS_FROM, SOURCE, tileSource } from "./tiles.js";
import { fill, number } from "./words.js";

/** How far from a point a finger or a mouse may be, in pixels. */
const REACH = 6;
const NEAR = 15;
const WAIT = 250;

/** Fill `element` with the map that `description` describes; `extent` is a GeoJSON geometry or null. */
export async function show(element, description, extent) {
  await sheets();
  const view = new View(element, description);
  try {
    await view.draw(extent);
  } catch {
    view.onlyTable();
  }
  element.dataset.ready = "";
}

class View {
  constructor(element, description) {
    this.description = description;
    this.choice = new Choice(description);
    this.breaks = [1];
    this.legend = new Legend(description, this.choice, () => this.change());
    this.panel = new Panel(description, { left: () => this.focus(), turned: (id) => this.mark(id) });
    this.live = make("p", { role: "status", class: "cp-map-live" });
    this.table = new Table(description, { said: (text) => this.say(text), shown: (feature) => this.go(feature) });
    this.canvas = make("div", { class: "cp-map-canvas" });
    this.cross = make("span", { class: "cp-map-cross", "aria-hidden": "true" });
    this.whole = make("button", { type: "button", class: "cp-map-button cp-map-whole" }, description.words.whole);
    this.frame = make("div", { class: "cp-map-frame" }, this.canvas, this.cross, this.whole, this.panel.element);
    const top = make("div", { class: "cp-map-top" }, this.frame, this.legend.element);
    this.note = make("p", { class: "cp-note", hidden: true });
    element.replaceChildren(top, this.live, this.note, this.table.element);
  }

  async draw(extent) {
    const { description } = this;
    const map = (this.map = groundMap(this.canvas, description, extent));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.whole.addEventListener("click", () => showAll(map, description));
    map.on("error", (event) => this.fail(event));
    await ready(map);
    map.addSource(SOURCE, tileSource(description));
    for (const layer of rowLayers(description, this.choice, this.breaks)) map.addLayer(layer);
    nameAreas(map);
    this.nameLines(extent);
    map.on("click", (event) => this.pick(event.point));
    for (const layer of ["stacks", "cells", "cell-points"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
    }
    map.on("movestart", () => this.busy(true));
    map.on("idle", () => this.settle());
    map.on("moveend", () => this.ask());
    this.settle();
    await this.table.ask(boxOf(map), this.choice.cql2());
  }

  /** Where nothing can be drawn, the table has everything. */
  onlyTable() {
    const { bounds, words } = this.description;
    this.frame.replaceChildren(make("p", { class: "cp-note" }, words.no_drawing));
    this.legend.element.hidden = true;
    this.map = null;
    this.table.ask(bounds ?? [-180, -90, 180, 90], "");
  }

  nameLines(extent) {
    const { description, legend, map } = this;
    const { words } = description;
    legend.line("boundary", words.outline);
    map.once("idle", () => {
      if (map.querySourceFeatures("areas").some((one) => one.properties.layer !== "boundary")) legend.line("areas", words.team);
    });
    if (extent) legend.line("extent", words.extent);
    legend.option("places", words.places, (wanted) => {
      const data = wanted ? new URL(description.places, location.href).href : { type: "FeatureCollection", features: [] };
      map.getSource("places").setData(data);
      if (wanted && map.getZoom() < POINTS_FROM) map.easeTo({ zoom: POINTS_FROM + 1 });
    });
  }

  /** What is in view has been loaded: stack its points, or let the shades of cells fit it. */
  settle() {
    const far = this.map.getZoom() < POINTS_FROM;
    const done = far ? this.measure() : this.pile();
    this.legend.far(far);
    this.note.hidden ||= far;
    if (done) this.busy(false);
  }

  busy(busy) {
    this.frame.setAttribute("aria-busy", String(busy));
  }

  /** Return whether the circles are those of the points in view already. */
  pile() {
    const { map, choice, description } = this;
    const features = map.querySourceFeatures(SOURCE, { sourceLayer: POINTS });
    const stacks = stack(features, description.category, (value) => choice.shows(value));
    this.warn(map.querySourceFeatures(SOURCE, { sourceLayer: CAPPED }));
    const key = stacks.map((one) => `${one.coordinates}:${one.ids.length}`).join();
    if (key === this.piled) return true; // else each change would make the map idle again, for ever
    this.piled = key;
    this.stacks = stacks;
    map.getSource("stacks").setData(asGeoJSON(stacks));
    this.mark(this.marked ?? null);
    return false;
  }

  /** Say which tiles do not have all of their rows. */
  warn([capped]) {
    const { words, many } = this.description;
    const { shown, total } = capped?.properties ?? { shown: 0, total: 0 };
    const values = { shown: number(shown, this.description), total: number(total, this.description), many };
    this.note.hidden = !capped;
    this.note.textContent = capped ? fill(words.capped, values) : "";
  }

  /** Return whether the shades are those of the cells in view already. */
  measure() {
    const { map, choice, legend } = this;
    const cells = map.queryRenderedFeatures({ layers: ["cells", "cell-points"] });
    const largest = cells.reduce((most, one) => Math.max(most, this.choice.counted(one.properties)), 1);
    const breaks = breaksOf(largest);
    legend.cells(cells.length ? breaks : this.breaks);
    if (!cells.length || breaks.join() === this.breaks.join()) return true;
    this.breaks = breaks;
    restyle(map, choice, breaks);
    return false;
  }

  /** Other categories: tiles and table follow. */
  change() {
    if (this.map) {
      restyle(this.map, this.choice, this.breaks);
      if (this.map.getZoom() >= POINTS_FROM) this.pile();
    }
    this.ask();
  }

  ask() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.table.ask(boxOf(this.map), this.choice.cql2()), WAIT);
  }

  pick(point) {
    const box = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
    const [nearest] = this.map.queryRenderedFeatures(box, { layers: ["stacks"] });
    if (nearest) {
      this.panel.show(this.stacks[nearest.id].ids);
      return true;
    }
    const [cell] = this.map.queryRenderedFeatures(point, { layers: ["cells", "cell-points"] });
    if (cell) this.panel.cell(this.choice.counted(cell.properties), () => this.closer(point));
    else this.panel.close();
    return Boolean(cell);
  }

  closer(point) {
    const center = this.map.unproject(point);
    this.panel.close();
    this.map.easeTo({ center, zoom: Math.min(this.map.getZoom() + 2.5, NEAR) });
  }

  press(event) {
    if (event.key !== "Enter" || event.target !== this.map.getCanvas()) return;
    const { clientWidth, clientHeight } = this.map.getCanvas();
    const there = this.pick({ x: clientWidth / 2, y: clientHeight / 2 });
    if (!there) this.say(this.description.words.nothing_here);
  }

  go(feature) {
    if (this.map && feature.geometry) {
      this.map.jumpTo({ center: feature.geometry.coordinates, zoom: Math.max(this.map.getZoom(), NEAR) });
      this.frame.scrollIntoView({ block: "nearest" });
    }
    this.panel.show([feature.id]);
  }

  /** Mark the stack of the row `id`; null marks none. */
  mark(id) {
    if (!this.map) return;
    this.marked = id;
    this.map.removeFeatureState({ source: "stacks" });
    const at = id === null ? -1 : (this.stacks ?? []).findIndex((one) => one.ids.includes(id));
    if (at >= 0) this.map.setFeatureState({ source: "stacks", id: at }, { chosen: true });
  }

  focus() {
    this.map?.getCanvas().focus({ preventScroll: true });
  }

  say(text) {
    this.live.textContent = text;
  }

  fail(event) {
    if (event.sourceId === SOURCE) this.say(this.description.words.no_points);
  }
}
