/**
 * The timeline: rows by day or month under the filter, with a window to brush. Moving the window asks nobody; letting it go
 * makes it the period.
 */
import type { Cube } from "../counts/cube";
import { dayNumber } from "../counts/days";
import type { Range } from "../counts/sums";
import type { Explorer, Face, View } from "../explorer";
import { total } from "../numbers/sentences";
import { button, make } from "../page";
import { barsPath } from "./bars";
import { afterKey, between, moved } from "./window";

const SVG = "http://www.w3.org/2000/svg";
/** Milliseconds that each step of a play is shown. */
const STEP = 250;
/** Steps of a play that begins with the whole timeline. */
const STEPS = 12;

class Timeline implements Face {
  private readonly explorer: Explorer;
  private readonly path = document.createElementNS(SVG, "path");
  private readonly window = make("div", { class: "cp-ex-window" }, make("span"), make("span"));
  private readonly track: HTMLElement;
  private readonly ends = make("p", { class: "cp-ex-ends" });
  private readonly player: HTMLButtonElement;
  private cube: Cube | null = null;
  private from: number | null = null;
  private brushed = false;
  private playing: ReturnType<typeof setInterval> | null = null;
  /** What was seen before a play. */
  private before: Range | null = null;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    const svg = document.createElementNS(SVG, "svg");
    for (const [name, value] of Object.entries({ viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
    svg.append(this.path);
    this.track = make("div", { class: "cp-ex-track", role: "slider", tabindex: 0, "aria-label": words.say("timeline") }, this.window);
    this.track.prepend(svg);
    this.player = button(words.say("play"), () => this.play(), { class: "cp-ex-play" });
    const hint = make("p", { class: "cp-small" }, words.say("timeline_keys"));
    element.replaceChildren(this.track, this.ends, make("div", { class: "cp-ex-under" }, this.player, hint));
    this.listen();
  }

  show(view: View): void {
    const { cube, range, words } = view;
    if (!cube) return;
    if (cube !== this.cube) this.draw(cube, view);
    const bins = Math.max(1, cube.whole.end);
    this.window.style.setProperty("--first", String(range.first / bins));
    this.window.style.setProperty("--end", String(range.end / bins));
    this.track.setAttribute("aria-valuenow", String(range.first));
    this.track.setAttribute("aria-valuetext", total({ range, words }, cube));
  }

  private draw(cube: Cube, { words }: View): void {
    this.cube = cube;
    this.stop();
    this.brushed = false;
    this.player.hidden = cube.whole.end < 2; // there is nothing to play
    this.path.setAttribute("d", barsPath(cube.document.total?.counts ?? []));
    this.track.setAttribute("aria-valuemin", "0");
    this.track.setAttribute("aria-valuemax", String(Math.max(0, cube.whole.end - 1)));
    const { from, to } = cube.daysOf(cube.whole);
    const ends = cube.document.period ? [from, to] : [];
    this.ends.replaceChildren(...ends.map((day) => make("span", {}, words.day(dayNumber(day)))));
  }

  private listen(): void {
    this.track.addEventListener("pointerdown", (event) => this.down(event));
    this.track.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.track.addEventListener(name, () => this.up());
    this.track.addEventListener("keydown", (event) => this.press(event));
    this.track.addEventListener("blur", () => this.commit());
  }

  private binAt({ clientX }: PointerEvent, cube: Cube): number {
    const { left, width } = this.track.getBoundingClientRect();
    return ((clientX - left) / width) * cube.whole.end;
  }

  private down(event: PointerEvent): void {
    if (!this.cube || event.button !== 0) return;
    this.stop();
    this.track.setPointerCapture(event.pointerId);
    this.from = this.binAt(event, this.cube);
    this.brush(between(this.from, this.from, this.cube.whole.end));
  }

  private move(event: PointerEvent): void {
    if (this.from === null || !this.cube) return;
    this.brush(between(this.from, this.binAt(event, this.cube), this.cube.whole.end));
  }

  private up(): void {
    if (this.from === null) return;
    this.from = null;
    this.commit();
  }

  private press(event: KeyboardEvent): void {
    if (!this.cube) return;
    if (event.key === "Enter") this.commit();
    else if (event.key === "Escape") this.brush(this.cube.whole);
    const range = afterKey(event.key, event.shiftKey, this.explorer.view.range, this.cube.whole.end);
    if (!range && event.key !== "Escape") return;
    event.preventDefault();
    this.stop();
    if (range) this.brush(range);
  }

  /** Show a window that is to become the period. */
  private brush(range: Range): void {
    this.brushed = true;
    this.explorer.brush(range);
  }

  /** The window becomes the period; all of the table is none. */
  private commit(): void {
    if (!this.cube || !this.brushed || this.playing !== null) return;
    this.brushed = false;
    const { range } = this.explorer.view;
    const { from, to } = this.cube.daysOf(range);
    const { first, last } = this.cube.span;
    if (dayNumber(from) <= first && dayNumber(to) >= last) void this.explorer.set({ from: "", to: "" });
    else void this.explorer.commit(range);
  }

  private play(): void {
    if (this.playing !== null) {
      this.stop();
      this.commit();
      return;
    }
    const { cube } = this;
    if (!cube) return;
    const { range } = this.explorer.view;
    this.before = range;
    const bins = cube.whole.end;
    const length = range.end - range.first < bins ? range.end - range.first : Math.max(1, Math.round(bins / STEPS));
    this.brush({ first: 0, end: length });
    this.playing = setInterval(() => this.next(bins), STEP);
    this.player.textContent = this.explorer.words.say("stop");
  }

  private next(bins: number): void {
    const { range } = this.explorer.view;
    if (range.end >= bins) this.ended();
    else this.brush(moved(range, Math.max(1, Math.ceil((range.end - range.first) / 4)), bins));
  }

  /** A play to the end leaves the page as it was: its last window is nobody's choice, and in no link or file. */
  private ended(): void {
    this.stop();
    this.brushed = false;
    if (this.before) this.explorer.brush(this.before);
  }

  private stop(): void {
    if (this.playing !== null) clearInterval(this.playing);
    this.playing = null;
    this.player.textContent = this.explorer.words.say("play");
  }
}

/** Mount the timeline. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Timeline(element, explorer);
}
