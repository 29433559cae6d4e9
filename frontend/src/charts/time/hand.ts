/** A cursor over the bins of a series, by mouse, finger or keys; bins that are marked become the period of the filter. */
import { isoDay } from "../../counts/days";
import type { Hand, Stage } from "../chart";
import { change } from "../svg";
import { binSentence } from "./figure";
import type { Chosen, Drawn, TimePlot } from "./plot";

/** Pixels that a finger may tremble. */
const STILL = 6;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity };

/** Return the cursor of a drawing. */
export function hand(stage: Stage<Drawn, TimePlot>): Hand<Drawn> {
  return new Cursor(stage);
}

class Cursor implements Hand<Drawn> {
  private readonly stage: Stage<Drawn, TimePlot>;
  private anchor: number | null = null;
  private at: number | null = null;
  private pressed: number | null = null;

  constructor(stage: Stage<Drawn, TimePlot>) {
    this.stage = stage;
    const { box, svg, title } = stage;
    change(svg, { "aria-hidden": "true" });
    change(box, { role: "slider", tabindex: 0, "aria-label": title, "aria-valuemin": 0, "aria-valuemax": 0, "aria-valuenow": 0 });
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("pointermove", (event) => this.move(event));
    box.addEventListener("pointerdown", (event) => this.press(event));
    box.addEventListener("pointerup", (event) => this.release(event));
    box.addEventListener("pointerleave", () => this.leave());
    box.addEventListener("pointercancel", () => this.leave());
    box.addEventListener("blur", () => this.leave());
  }

  drawn({ series, words }: Drawn, settled: boolean): void {
    this.show();
    if (!settled) return;
    const last = series.bins.length - 1;
    const at = Math.min(this.at ?? last, last);
    change(this.stage.box, { "aria-valuemax": last, "aria-valuenow": at, "aria-valuetext": this.sentence(at) || words.say("chart_nothing") });
  }

  private sentence(at: number): string {
    const drawn = this.stage.model();
    const bin = drawn?.series.bins[at];
    return drawn && bin ? binSentence({ words: drawn.words }, bin, drawn.series.grain, drawn.names.then) : "";
  }

  private show(): void {
    const { plot, read } = this.stage;
    plot.point(this.marked());
    read(this.at === null ? "" : this.sentence(this.at));
  }

  private marked(): Chosen | null {
    if (this.at === null) return null;
    const other = this.anchor ?? this.at;
    return { first: Math.min(other, this.at), last: Math.max(other, this.at) };
  }

  private key(event: KeyboardEvent): void {
    const last = (this.stage.model()?.series.bins.length ?? 0) - 1;
    const step = STEPS[event.key];
    if (event.key === "Enter") this.narrow();
    if (event.key === "Escape") this.leave();
    if (step === undefined || last < 0) return;
    event.preventDefault();
    this.step(step, last, event.shiftKey);
  }

  private step(step: number, last: number, marks: boolean): void {
    const from = this.at ?? last;
    this.anchor = marks ? (this.anchor ?? from) : null;
    // The first key shows where the cursor is.
    this.at = this.at === null && Math.abs(step) === 1 ? last : Math.max(0, Math.min(last, from + step));
    this.show();
    change(this.stage.box, { "aria-valuenow": this.at, "aria-valuetext": this.sentence(this.at) });
  }

  private place(event: PointerEvent): number {
    return event.clientX - this.stage.box.getBoundingClientRect().left;
  }

  private move(event: PointerEvent): void {
    this.at = this.stage.plot.at(this.place(event));
    if (this.pressed !== null && Math.abs(this.place(event) - this.pressed) > STILL) this.anchor ??= this.stage.plot.at(this.pressed);
    this.show();
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pressed = this.place(event);
    this.anchor = null;
    // A finger that moves across marks days; one that moves down scrolls the page (touch-action).
    this.stage.box.setPointerCapture(event.pointerId);
    this.move(event);
  }

  private release(event: PointerEvent): void {
    if (this.pressed === null) return;
    this.move(event);
    this.pressed = null;
    if (this.anchor !== null) this.narrow();
  }

  private leave(): void {
    if (this.at === null) return;
    this.at = this.anchor = this.pressed = null;
    this.show();
  }

  /** Make the marked bins the period. */
  private narrow(): void {
    const bins = this.stage.model()?.series.bins;
    const marked = this.marked();
    const [first, last] = [marked && bins?.[marked.first], marked && bins?.[marked.last]];
    if (!first || !last) return;
    this.at = this.anchor = null;
    void this.stage.explorer.set({ from: isoDay(first.first), to: isoDay(last.last) });
  }
}
