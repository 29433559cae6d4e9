/** Draws hours and weekdays as a grid: weekdays down where there is room, across on a phone. Steps of colour have a key. */
import type { Words } from "../../words";
import { widthOf } from "../measure";
import { CHOSEN, FONT, ON_STEPS, PAPER, SOFT, STEPS } from "../palette";
import { classOf } from "../scale";
import { change, Pool, say, shape } from "../svg";
import { DAYS, dayName, type Heat, HOURS, hourName, isChosen, WEEK } from "./heat";

const [LEFT, TOP] = [46, 22];
const SIZE = 12;
/** Narrower than that, weekdays go across. */
export const NARROW = 620;
/** Room for the key: a line, or two on a phone. */
const KEY = (width: number): number => (width < NARROW ? 48 : 30);
const LAST = STEPS.length - 1;

export interface DrawnHeat {
  readonly heat: Heat;
  readonly words: Words;
}

export interface Cell {
  /** Place of the weekday in WEEK. */
  readonly day: number;
  readonly hour: number;
}

/** Return the height of the drawing at a width. */
export function heightOf(width: number): number {
  return TOP + (width < NARROW ? HOURS * 24 : DAYS * 32) + KEY(width);
}

export class HeatPlot {
  readonly element = shape("g", { "font-family": FONT, "font-size": SIZE });
  /** The hours' names, then each day. */
  readonly rows: readonly SVGGElement[];
  readonly days: readonly SVGTextElement[];
  readonly hours: readonly SVGTextElement[];
  /** Cells by `day × 24 + hour`; each is a group of a rectangle and a number. */
  readonly cells: readonly SVGGElement[];
  private readonly grounds: readonly SVGRectElement[];
  private readonly numbers: readonly SVGTextElement[];
  private readonly ring = shape("rect", { fill: "none", stroke: CHOSEN, "stroke-width": 2.5, display: "none", "pointer-events": "none" });
  private readonly key = shape("g");
  private readonly boxes = new Pool(this.key, (at) => shape("rect", { fill: STEPS[at] ?? PAPER, stroke: SOFT, "stroke-width": 0.5, width: 18, height: 12 }));
  private readonly limits = new Pool(this.key, () => shape("text", { fill: SOFT }));
  private width = 0;

  constructor() {
    const corner = shape("g", {}, shape("g"));
    this.hours = Array.from({ length: HOURS }, () => shape("text", { fill: SOFT }));
    this.days = WEEK.map(() => shape("text", { fill: SOFT }));
    this.grounds = Array.from({ length: DAYS * HOURS }, () => shape("rect", { stroke: PAPER, rx: 2 }));
    this.numbers = this.grounds.map(() => shape("text", { "text-anchor": "middle", "font-size": 11 }));
    this.cells = this.grounds.map((ground, at) => shape("g", {}, ground, this.numbers[at]!));
    corner.append(...this.hours);
    const rows = this.days.map((label, day) => shape("g", {}, label, ...this.cells.slice(day * HOURS, (day + 1) * HOURS)));
    this.rows = [corner, ...rows];
    this.element.append(...this.rows, this.ring, this.key);
  }

  draw({ heat, words }: DrawnHeat, width: number): void {
    if (width !== this.width) this.place(width, words);
    const numbered = this.size.wide >= Math.max(22, widthOf(words.number(heat.most), 11) + 4);
    for (let day = 0; day < DAYS; day++) {
      for (let hour = 0; hour < HOURS; hour++) {
        const n = heat.counts[WEEK[day]! * HOURS + hour]!;
        this.fill(day * HOURS + hour, classOf(n, heat.scale, LAST), numbered && n > 0 ? words.number(n) : "");
        this.frame(day * HOURS + hour, heat, isChosen(heat, WEEK[day]!, hour));
      }
    }
    this.drawKey(heat.scale, words, width);
  }

  private fill(at: number, step: number, text: string): void {
    change(this.grounds[at]!, { fill: STEPS[step]! });
    change(this.numbers[at]!, { fill: ON_STEPS[step]! });
    say(this.numbers[at]!, text);
  }

  /** Cells that are asked for have a frame, others fade; without conditions all are alike. */
  private frame(at: number, { hours, weekdays }: Heat, chosen: boolean): void {
    const limited = hours.length + weekdays.length > 0;
    const framed = limited && chosen;
    change(this.grounds[at]!, { stroke: framed ? CHOSEN : PAPER, "stroke-width": framed ? 2 : 1 });
    change(this.cells[at]!, { opacity: limited && !chosen ? 0.45 : 1 });
  }

  /** Show which cells are pointed at: from one to another. */
  point(from: Cell | null, to: Cell | null = from): void {
    if (!from || !to) {
      change(this.ring, { display: "none" });
      return;
    }
    const [one, other] = [this.corner(from.day, from.hour), this.corner(to.day, to.hour)];
    const { wide, high } = this.size;
    const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
    change(this.ring, { display: "inline", x, y, width: Math.abs(one.x - other.x) + wide, height: Math.abs(one.y - other.y) + high });
  }

  /** Return the cell at a place; null beside the grid. */
  at(x: number, y: number): Cell | null {
    const { wide, high } = this.size;
    const [across, down] = [Math.floor((x - LEFT) / wide), Math.floor((y - TOP) / high)];
    const [day, hour] = this.isNarrow ? [across, down] : [down, across];
    return day >= 0 && day < DAYS && hour >= 0 && hour < HOURS ? { day, hour } : null;
  }

  private get isNarrow(): boolean {
    return this.width < NARROW;
  }

  private get size(): { wide: number; high: number } {
    return this.isNarrow ? { wide: (this.width - LEFT) / DAYS, high: 24 } : { wide: (this.width - LEFT) / HOURS, high: 32 };
  }

  private corner(day: number, hour: number): { x: number; y: number } {
    const { wide, high } = this.size;
    const [across, down] = this.isNarrow ? [day, hour] : [hour, day];
    return { x: LEFT + across * wide, y: TOP + down * high };
  }

  private place(width: number, words: Words): void {
    this.width = width;
    const { wide, high } = this.size;
    this.cells.forEach((_, at) => {
      const { x, y } = this.corner(Math.floor(at / HOURS), at % HOURS);
      change(this.grounds[at]!, { x: x + 0.5, y: y + 0.5, width: Math.max(1, wide - 1), height: high - 1 });
      change(this.numbers[at]!, { x: x + wide / 2, y: y + high / 2 + 4 });
    });
    const across = (at: number): Record<string, string | number> => ({ x: LEFT + (at + 0.5) * wide, y: TOP - 8, "text-anchor": "middle" });
    const down = (at: number): Record<string, string | number> => ({ x: LEFT - 6, y: TOP + (at + 0.5) * high + 4, "text-anchor": "end" });
    this.days.forEach((label, at) => {
      change(label, this.isNarrow ? across(at) : down(at));
      say(label, dayName(words, WEEK[at] ?? 0, "short"));
    });
    this.hours.forEach((label, hour) => {
      change(label, this.isNarrow ? down(hour) : across(hour));
      say(label, this.isNarrow ? hourName(hour) : String(hour).padStart(2, "0"));
    });
  }

  private drawKey(most: number, words: Words, width: number): void {
    let top = heightOf(width) - KEY(width) + 12;
    const limit = (step: number): number => Math.floor((step / LAST) * most);
    // Steps that no number falls into have no place in the key.
    const steps = STEPS.map((_, step) => step).filter((step) => step === 0 || (most > 0 && limit(step) > limit(step - 1)));
    const [boxes, limits] = [this.boxes.take(steps.length), this.limits.take(steps.length)];
    let x = LEFT;
    steps.forEach((step, at) => {
      const [from, to] = [step === 0 ? 0 : limit(step - 1) + 1, step === 0 ? 0 : limit(step)];
      const text = from === to ? words.number(from) : `${words.number(from)}–${words.number(to)}`;
      if (x + 22 + widthOf(text, SIZE) > width) [x, top] = [LEFT, top + 18];
      change(boxes[at]!, { x, y: top, fill: STEPS[step] ?? PAPER });
      change(limits[at]!, { x: x + 22, y: top + 10 });
      say(limits[at]!, text);
      x += 34 + widthOf(text, SIZE);
    });
  }
}
