/** Draws a series: columns where there are few, a line where there are many; the days beside as a dashed line. */
import { dayNumber } from "../../counts/days";
import type { Words } from "../../words";
import { fit, widthOf } from "../measure";
import { FONT, INK, LINE, NOW, PALE, SOFT, THEN, WARN } from "../palette";
import { marks } from "../scale";
import { change, Pool, say, shape } from "../svg";
import type { Grain } from "./grain";
import { within } from "./notes";
import type { Bin, Series } from "./series";

const [LEFT, RIGHT, TOP, BOTTOM] = [52, 10, 48, 28];
/** More bins than that are a line: columns would be thinner than the eye tells apart. */
const COLUMNS = 120;
const SMALL = 12;

export interface Drawn {
  readonly series: Series;
  readonly words: Words;
  readonly names: { readonly now: string; readonly then: string };
}

/** Bins from `first` to `last` that are pointed at. */
export interface Chosen {
  readonly first: number;
  readonly last: number;
}

let made = 0;

export class TimePlot {
  static readonly height = 274;
  readonly element = shape("g", { "font-family": FONT, "font-size": SMALL });
  private readonly hatch = `cp-gap-${made++}`;
  private readonly grid = shape("g");
  private readonly lines = new Pool(this.grid, () => shape("line", { stroke: LINE }));
  private readonly numbers = new Pool(this.grid, () => shape("text", { fill: SOFT, "text-anchor": "end", dy: ".35em" }));
  private readonly labels = new Pool(this.grid, () => shape("text", { fill: SOFT, "text-anchor": "middle" }));
  private readonly ticks = new Pool(this.grid, () => shape("line", { stroke: SOFT }));
  private readonly gaps = new Pool(this.grid, () => shape("rect", { fill: `url(#${this.hatch})` }));
  private readonly picked = shape("rect", { fill: PALE, "fill-opacity": 0.4, display: "none" });
  private readonly full = shape("path", { fill: NOW });
  private readonly cut = shape("path", { fill: PALE, stroke: NOW, "stroke-width": 1 });
  private readonly line = shape("path", { fill: "none", stroke: NOW, "stroke-width": 2, "stroke-linejoin": "round" });
  private readonly then = shape("path", { fill: "none", stroke: THEN, "stroke-width": 2, "stroke-dasharray": "5 3" });
  private readonly broken = shape("g");
  private readonly walls = new Pool(this.broken, () => shape("line", { stroke: WARN, "stroke-width": 2, "stroke-dasharray": "2 3" }));
  private readonly flags = new Pool(this.broken, () => shape("text", { fill: WARN, "font-weight": 700, "text-anchor": "middle" }));
  private readonly now = shape("text", { fill: INK, y: 14 });
  private readonly other = shape("text", { fill: INK, y: 14 });
  private readonly keyNow = shape("rect", { fill: NOW, x: LEFT, y: 5, width: 12, height: 10 });
  private readonly keyThen = shape("line", { stroke: THEN, "stroke-width": 2, "stroke-dasharray": "5 3" });
  private span = { first: 0, days: 1, left: LEFT, width: 1 };
  private bins: readonly Bin[] = [];

  constructor() {
    const strokes = shape("path", { d: "M0 6L6 0", stroke: WARN, "stroke-width": 1 });
    const pattern = shape("pattern", { id: this.hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, strokes);
    const shapes = [this.grid, this.picked, this.full, this.cut, this.line, this.then, this.broken, this.keyNow, this.now, this.keyThen, this.other];
    this.element.append(shape("defs", {}, pattern), ...shapes);
  }

  draw({ series, words, names }: Drawn, width: number): void {
    this.bins = series.bins;
    this.span = { first: series.span.first, days: series.span.last - series.span.first + 1, left: LEFT, width: Math.max(1, width - LEFT - RIGHT) };
    const scale = marks(Math.max(0, ...series.bins.map((bin) => Math.max(bin.n, bin.then?.n ?? 0))));
    const most = scale.at(-1) ?? 1;
    const y = (n: number): number => TimePlot.height - BOTTOM - (n / most) * (TimePlot.height - TOP - BOTTOM);
    this.drawScale(scale, words, width, y);
    this.drawDays(series, words, width);
    this.drawNow(series, y);
    change(this.then, { d: this.path(series.bins, (bin) => (bin.then ? y(bin.then.n) : null)) });
    this.drawNotes(series);
    this.drawKey(names, series.then !== null, width);
  }

  /** Return the bin at a place from the left. */
  at(x: number): number {
    const day = this.span.first + ((x - this.span.left) / this.span.width) * this.span.days;
    const found = this.bins.findIndex((bin) => day < bin.last + 1);
    return found < 0 ? this.bins.length - 1 : found;
  }

  /** Show which bins are pointed at. */
  point(chosen: Chosen | null): void {
    const [first, last] = [chosen && this.bins[chosen.first], chosen && this.bins[chosen.last]];
    if (!first || !last) {
      change(this.picked, { display: "none" });
      return;
    }
    const [left, right] = [this.x(first.first), this.x(last.last + 1)];
    change(this.picked, { display: "inline", x: left, y: TOP, width: Math.max(2, right - left), height: TimePlot.height - TOP - BOTTOM });
  }

  private x(day: number): number {
    return round(this.span.left + ((day - this.span.first) / this.span.days) * this.span.width);
  }

  private drawScale(scale: readonly number[], words: Words, width: number, y: (n: number) => number): void {
    const lines = this.lines.take(scale.length);
    const numbers = this.numbers.take(scale.length);
    scale.forEach((mark, at) => {
      const height = round(y(mark));
      change(lines[at]!, { x1: LEFT, x2: width - RIGHT, y1: height, y2: height });
      change(numbers[at]!, { x: LEFT - 8, y: height });
      say(numbers[at]!, words.number(mark));
    });
  }

  private drawDays({ bins, grain }: Series, words: Words, width: number): void {
    const shown = labelled(bins, grain, words, this.span.width);
    const labels = this.labels.take(shown.length);
    const ticks = this.ticks.take(shown.length);
    const floor = TimePlot.height - BOTTOM;
    shown.forEach(({ bin, text }, at) => {
      const x = (this.x(bin.first) + this.x(bin.last + 1)) / 2;
      const half = widthOf(text, SMALL) / 2;
      change(ticks[at]!, { x1: x, x2: x, y1: floor, y2: floor + 4 });
      change(labels[at]!, { x: Math.min(Math.max(x, half), width - half), y: floor + 18 });
      say(labels[at]!, text);
    });
  }

  private drawNow({ bins }: Series, y: (n: number) => number): void {
    const columns = bins.length <= COLUMNS;
    const bars = (wanted: boolean): string => (columns ? bins.filter((bin) => bin.whole === wanted && bin.n > 0).map((bin) => this.column(bin, y)).join("") : "");
    change(this.full, { d: bars(true) });
    change(this.cut, { d: bars(false) });
    change(this.line, { d: columns ? "" : this.path(bins, (bin) => y(bin.n)) });
  }

  private column(bin: Bin, y: (n: number) => number): string {
    const [left, right] = [this.x(bin.first), this.x(bin.last + 1)];
    const space = Math.min(2, (right - left) * 0.2);
    return `M${round(left + space / 2)} ${round(y(0))}V${round(y(bin.n))}H${round(right - space / 2)}V${round(y(0))}Z`;
  }

  /** A line through the middles of bins, which stops where there is no number. */
  private path(bins: readonly Bin[], height: (bin: Bin) => number | null): string {
    let path = "";
    let next = "M";
    for (const bin of bins) {
      const y = height(bin);
      if (y !== null) path += `${next}${round((this.x(bin.first) + this.x(bin.last + 1)) / 2)} ${round(y)}`;
      next = y === null ? "M" : "L";
    }
    return path;
  }

  private drawNotes(series: Series): void {
    const height = TimePlot.height - TOP - BOTTOM;
    const gaps = within(series.gaps, series.span);
    this.gaps.take(gaps.length).forEach((band, at) => {
      const left = this.x(Math.max(dayNumber(gaps[at]!.first), series.span.first));
      const right = this.x(Math.min(dayNumber(gaps[at]!.last ?? gaps[at]!.first), series.span.last) + 1);
      change(band, { x: left, y: TOP, width: Math.max(2, right - left), height });
    });
    const breaks = within(series.breaks, series.span);
    const [walls, flags] = [this.walls.take(breaks.length), this.flags.take(breaks.length)];
    breaks.forEach((note, at) => {
      const x = this.x(dayNumber(note.first));
      change(walls[at]!, { x1: x, x2: x, y1: TOP - 2, y2: TOP + height });
      change(flags[at]!, { x, y: TOP - 6 });
      say(flags[at]!, String(at + 1));
    });
  }

  /** Both names in one line where there is room, else below each other. */
  private drawKey({ now, then }: Drawn["names"], two: boolean, width: number): void {
    const behind = LEFT + 36 + widthOf(now, SMALL);
    const below = behind + 28 + widthOf(then, SMALL) > width;
    const [x, y] = below ? [LEFT - 5, 28] : [behind, 10];
    change(this.now, { x: LEFT + 22 });
    say(this.now, now);
    change(this.keyThen, { x1: x, x2: x + 22, y1: y, y2: y, display: two ? "inline" : "none" });
    change(this.other, { x: x + 27, y: y + 4 });
    say(this.other, two ? fit(then, width - x - 27, SMALL) : "");
  }
}

/** Return bins with room for a label each, and the labels. */
function labelled(bins: readonly Bin[], grain: Grain, words: Words, width: number): { bin: Bin; text: string }[] {
  const long = (bins.at(-1)?.last ?? 0) - (bins[0]?.first ?? 0) > 300;
  const name = (bin: Bin): string => grain === "quarter" ? words.quarter(bin.first) : words.day(bin.first, grain === "month" || long ? { year: "numeric", month: "short" } : { month: "short", day: "numeric" });
  const room = widthOf("00 MMM 0000", SMALL) + 4;
  const step = Math.max(1, Math.ceil(bins.length / Math.max(1, Math.floor(width / room))));
  return bins.filter((_, at) => at % step === 0).map((bin) => ({ bin, text: name(bin) }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
