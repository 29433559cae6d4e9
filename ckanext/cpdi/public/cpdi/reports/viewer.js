/**
 * The viewer of a report: one page at a time, with what was looked for marked.
 *
 * The page of the document stands in the address, so that a link leads to it. Keys work where the focus is in the viewer.
 */

import { draw, open, widthOf } from "./sheet.js";
import { toolbar } from "./toolbar.js";

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];
/** Of the widest fit, in CSS pixels: wider, a line is hard to read. */
const WIDEST = 900;

/** Show the report in `element`, in the place of what stands there; rejects where it cannot be shown. */
export async function show(element, report) {
  const viewer = new Viewer(element, report);
  viewer.document = await open(report.pdf);
  viewer.place();
  await viewer.go(report.page);
  element.dataset.ready = "";
}

class Viewer {
  constructor(element, report) {
    this.element = element;
    this.report = report;
    this.page = 0;
    this.zoom = 0; // fits the width
    this.scale = 1;
    this.marks = [];
    this.current = -1;
    this.drawing = new AbortController();
  }

  /** Put the parts of the viewer where the picture was. */
  place() {
    const { words } = this.report;
    this.sheet = made("div", "cp-sheet");
    this.stage = made("div", "cp-stage");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "region");
    this.stage.append(this.sheet);
    this.live = made("p", "cp-viewer-live");
    this.live.setAttribute("role", "status");
    this.bar = toolbar(this.report, {
      turn: (step) => this.go(this.page + step),
      go: (page) => this.go(page),
      zoom: (step) => this.magnify(step),
      fit: () => this.fit(),
      hit: (step) => this.hit(step),
    });
    const hint = made("p", "cp-small");
    hint.textContent = words.keys;
    this.element.replaceChildren(this.bar.element, this.live, this.stage, hint);
    this.element.addEventListener("keydown", (event) => this.key(event));
    let width = this.stage.clientWidth;
    new ResizeObserver(() => {
      if (this.zoom || this.stage.clientWidth === width) return;
      width = this.stage.clientWidth;
      this.redraw();
    }).observe(this.stage);
  }

  /** Show a page, at its first or its last mark; pages that are none are left out. */
  async go(page, atLast = false) {
    if (!(page >= 1 && page <= this.document.numPages) || page === this.page) return;
    this.page = page;
    this.current = -1;
    this.remember();
    await this.redraw();
    this.stage.scrollTop = 0;
    if (this.marks.length) this.point(atLast ? this.marks.length - 1 : 0);
  }

  async redraw() {
    this.drawing.abort();
    this.drawing = new AbortController();
    const { signal } = this.drawing;
    const page = await this.document.getPage(this.page);
    if (signal.aborted) return;
    const fitting = Math.min(this.stage.clientWidth, WIDEST) / widthOf(page);
    this.scale = this.zoom || fitting;
    try {
      const marks = await draw(this.sheet, page, this.scale, this.report.wordings, signal);
      if (signal.aborted) return;
      this.marks = marks;
      this.current = Math.min(this.current, marks.length - 1);
      this.showCurrent();
    } catch (error) {
      if (error.name !== "RenderingCancelledException") throw error;
    }
  }

  magnify(step) {
    const next = step > 0 ? STEPS.find((size) => size > this.scale * 1.01) : STEPS.findLast((size) => size < this.scale * 0.99);
    if (!next) return;
    this.zoom = next;
    this.redraw();
  }

  fit() {
    this.zoom = 0;
    this.redraw();
  }

  /** Go to the next mark or the one before, on another page where this one has no more. */
  hit(step) {
    const next = this.current + step;
    if (next >= 0 && next < this.marks.length) {
      this.point(next);
      return;
    }
    const pages = this.report.pages_with;
    const page = step > 0 ? pages.find((number) => number > this.page) : pages.findLast((number) => number < this.page);
    if (page) this.go(page, step < 0);
  }

  point(index) {
    this.current = index;
    this.marks[index].firstElementChild?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.showCurrent();
  }

  showCurrent() {
    this.marks.forEach((mark, at) => mark.classList.toggle("cp-current", at === this.current));
    this.say();
  }

  /** Say which page is shown, and how many marks it has. */
  say() {
    const { words } = this.report;
    const total = this.document.numPages;
    const page = fill(words.page, { page: this.page, pages: total });
    const marks = this.report.wordings.length ? fill(words.marks, { at: this.current + 1, n: this.marks.length }) : "";
    this.stage.setAttribute("aria-label", page);
    this.live.textContent = marks && this.marks.length ? `${page} · ${marks}` : page;
    this.bar.update({ page: this.page, pages: total, percent: Math.round(100 * this.scale), marks: this.marks.length });
  }

  remember() {
    const here = new URL(window.location.href);
    here.searchParams.set("page", this.page);
    window.history.replaceState(null, "", here);
    for (const link of document.querySelectorAll("[data-report-text]")) link.hash = `page-${this.page}`;
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
    const action = {
      PageDown: () => this.atEnd(1) && this.go(this.page + 1),
      PageUp: () => this.atEnd(-1) && this.go(this.page - 1),
      ArrowRight: () => !this.isWide() && this.go(this.page + 1),
      ArrowLeft: () => !this.isWide() && this.go(this.page - 1),
      "+": () => (this.magnify(1), true),
      "-": () => (this.magnify(-1), true),
      0: () => (this.fit(), true),
    }[event.key];
    if (action?.()) event.preventDefault();
  }

  /** Return whether the page cannot be scrolled any farther up (-1) or down (1). */
  atEnd(direction) {
    const { scrollTop, clientHeight, scrollHeight } = this.stage;
    return direction < 0 ? scrollTop <= 1 : scrollTop + clientHeight >= scrollHeight - 1;
  }

  isWide() {
    return this.stage.scrollWidth > this.stage.clientWidth + 1;
  }
}

function made(name, className) {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
