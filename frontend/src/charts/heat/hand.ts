/** A cursor over hours and weekdays: a cell, a row, a column or a rectangle becomes the filter's hours and weekdays. */
import type { Hand, Stage } from "../chart";
import { change } from "../svg";
import { cellSentence, DAYS, HOURS, isChosen, isSame, rectangle, WEEK } from "./heat";
import { type Cell, type DrawnHeat, type HeatPlot, NARROW } from "./plot";

type Move = readonly [number, number];
const MOVES: Readonly<Record<string, Move>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-HOURS, 0], End: [HOURS, 0], PageUp: [0, -HOURS], PageDown: [0, HOURS] };
const EVERY = { hours: [], weekdays: [] };

/** Return what readers do with a heat map. */
export function hand(stage: Stage<DrawnHeat, HeatPlot>): Hand<DrawnHeat> {
  return new Cells(stage);
}

class Cells implements Hand<DrawnHeat> {
  private readonly stage: Stage<DrawnHeat, HeatPlot>;
  private at: Cell = { day: 0, hour: 0 };
  private anchor: Cell | null = null;
  private pointed = false;

  constructor(stage: Stage<DrawnHeat, HeatPlot>) {
    this.stage = stage;
    const { svg, box, title } = stage;
    change(svg, { role: "grid", "aria-label": title, "aria-multiselectable": "true" });
    this.say(stage.plot);
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("focusin", () => this.show(true));
    svg.addEventListener("focusout", () => this.show(false));
    box.addEventListener("pointermove", (event) => this.move(event));
    box.addEventListener("pointerdown", (event) => this.press(event));
    box.addEventListener("pointerup", (event) => this.release(event));
    box.addEventListener("pointerleave", () => this.cancel());
    box.addEventListener("pointercancel", () => this.cancel());
    stage.plot.hours.forEach((label, hour) => label.addEventListener("click", () => this.toggle({ day: 0, hour }, { day: DAYS - 1, hour })));
    stage.plot.days.forEach((label, day) => label.addEventListener("click", () => this.toggle({ day, hour: 0 }, { day, hour: HOURS - 1 })));
  }

  drawn({ heat, words }: DrawnHeat, settled: boolean): void {
    if (this.pointed) this.show(true);
    if (!settled) return;
    const limited = heat.hours.length + heat.weekdays.length > 0;
    this.stage.plot.cells.forEach((cell, at) => {
      const weekday = WEEK[Math.floor(at / HOURS)] ?? 0;
      change(cell, {
        tabindex: at === indexOf(this.at) ? 0 : -1,
        "aria-selected": String(limited && isChosen(heat, weekday, at % HOURS)),
        "aria-label": cellSentence(words, heat, weekday, at % HOURS),
      });
    });
  }

  private say({ rows, days, hours, cells }: HeatPlot): void {
    const are = (elements: readonly Element[], role: string): void => elements.forEach((element) => change(element, { role }));
    are(rows, "row");
    are(rows[0]?.firstElementChild ? [rows[0].firstElementChild] : [], "gridcell");
    are(hours, "columnheader");
    are(days, "rowheader");
    are(cells, "gridcell");
  }

  private show(pointed: boolean): void {
    const { plot, read, model } = this.stage;
    this.pointed = pointed;
    const drawn = model();
    plot.point(pointed ? this.at : null, this.anchor ?? this.at);
    read(pointed && drawn ? cellSentence(drawn.words, drawn.heat, WEEK[this.at.day] ?? 0, this.at.hour) : "");
  }

  private key(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (event.key === "Enter" || event.key === " ") this.toggle(this.anchor ?? this.at, this.at);
    else if (move) this.step(move, event.shiftKey);
    else return;
    event.preventDefault();
  }

  private step([across, down]: Move, marks: boolean): void {
    this.anchor = marks ? (this.anchor ?? this.at) : null;
    const narrow = this.stage.box.clientWidth < NARROW;
    this.go({ day: this.at.day + (narrow ? across : down), hour: this.at.hour + (narrow ? down : across) });
  }

  private go({ day, hour }: Cell): void {
    const within = (value: number, end: number): number => Math.max(0, Math.min(end - 1, value));
    const { cells } = this.stage.plot;
    change(cells[indexOf(this.at)]!, { tabindex: -1 });
    this.at = { day: within(day, DAYS), hour: within(hour, HOURS) };
    change(cells[indexOf(this.at)]!, { tabindex: 0 });
    cells[indexOf(this.at)]?.focus();
    this.show(true);
  }

  private cellAt(event: PointerEvent): Cell | null {
    const box = this.stage.box.getBoundingClientRect();
    return this.stage.plot.at(event.clientX - box.left, event.clientY - box.top);
  }

  private move(event: PointerEvent): void {
    const cell = this.cellAt(event);
    if (cell) this.at = cell;
    this.show(cell !== null || this.anchor !== null);
  }

  private press(event: PointerEvent): void {
    const cell = this.cellAt(event);
    if (event.button !== 0 || !cell) return;
    this.anchor = this.at = cell;
    if (event.pointerType === "mouse") this.stage.box.setPointerCapture(event.pointerId);
  }

  private release(event: PointerEvent): void {
    if (!this.anchor) return;
    this.at = this.cellAt(event) ?? this.at;
    this.toggle(this.anchor, this.at);
  }

  private cancel(): void {
    this.anchor = null;
    this.show(false);
  }

  /** Ask for the rectangle between two cells; for any hour and weekday where that is what was asked for. */
  private toggle(from: Cell, to: Cell): void {
    this.anchor = null;
    const { explorer } = this.stage;
    const chosen = rectangle([from.day, from.hour], [to.day, to.hour]);
    void explorer.set(isSame(explorer.view.filter, chosen) ? EVERY : chosen);
  }
}

function indexOf({ day, hour }: Cell): number {
  return day * HOURS + hour;
}
