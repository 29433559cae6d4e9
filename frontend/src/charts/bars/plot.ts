/** Draws bars below their labels, so that labels have room on a phone. Each is an option that the filter has or has not. */
import type { Words } from "../../words";
import { fit } from "../measure";
import { CHOSEN, FONT, INK, NOW, PALE, SOFT, THEN } from "../palette";
import { change, Pool, say, shape } from "../svg";
import { type Bar, type Bars, rounded } from "./bars";

const [LABEL, BAR, SPACE] = [18, 9, 9];
/** The names of both sides stand below each other, since two periods have no room in one line of half a page. */
const [LINE, KEY] = [17, 41];
const SIZE = 13;
const MARK = 16;
/** A digit's width, at least: numbers change in a brush, and are not measured. */
const DIGIT = 8.5;

export interface DrawnBars {
  readonly bars: Bars;
  readonly words: Words;
  readonly byRate: boolean;
  /** Rows that are drawn, at most. */
  readonly most: number;
}

interface Row {
  readonly group: SVGGElement;
  readonly ground: SVGRectElement;
  readonly now: SVGRectElement;
  readonly then: SVGRectElement;
  readonly label: SVGTextElement;
  readonly number: SVGTextElement;
}

/** Return the height of so many rows. */
export function heightOf(rows: number, two: boolean): number {
  return rows * (LABEL + BAR + SPACE + (two ? BAR : 0)) + (two ? KEY : 0) + 2;
}

export class BarsPlot {
  readonly element = shape("g", { "font-family": FONT, "font-size": SIZE });
  private readonly rows: Row[] = [];
  private readonly groups = new Pool(this.element, (at) => this.makeRow(at));
  private readonly key = shape("g", { "font-size": 12, display: "none" });
  private readonly names = new Pool(this.key, () => shape("text", { fill: INK, x: 18 }));
  private readonly boxes = new Pool(this.key, (at) => shape("rect", { fill: at ? PALE : NOW, stroke: at ? THEN : NOW, x: 0.5, width: 12, height: 9 }));

  constructor() {
    this.element.append(this.key);
  }

  /** The group of each row that is drawn. */
  draw({ bars, words, byRate, most }: DrawnBars, width: number): void {
    const shown = bars.bars.slice(0, most);
    const size = (bar: Bar): number => (byRate ? (bar.rate ?? 0) : bar.n);
    const longest = Math.max(1e-9, ...bars.bars.map((bar) => Math.max(size(bar), bar.then ?? 0)));
    this.drawKey(bars.names, width);
    const groups = this.groups.take(shown.length);
    const step = LABEL + BAR + SPACE + (bars.names ? BAR : 0);
    shown.forEach((bar, at) => {
      change(groups[at]!, { transform: `translate(0 ${(bars.names ? KEY : 0) + at * step})` });
      this.drawRow(this.rows[at]!, bar, { words, width, bars, share: size(bar) / longest, other: (bar.then ?? 0) / longest, text: numberOf(words, bar, byRate, bars) });
    });
  }

  /** Return the group of a row. */
  group(at: number): SVGGElement | undefined {
    return this.rows[at]?.group;
  }

  private makeRow(at: number): SVGGElement {
    const row: Row = {
      group: shape("g", { "data-row": at }),
      ground: shape("rect", { fill: "#ffffff", "fill-opacity": 0, y: 0 }),
      label: shape("text", { fill: INK, y: 13 }),
      number: shape("text", { fill: SOFT, y: 13, "text-anchor": "end" }),
      now: shape("rect", { y: LABEL, height: BAR, x: 0 }),
      then: shape("rect", { y: LABEL + BAR, height: BAR - 1, x: 0.5, fill: PALE, stroke: THEN, "stroke-dasharray": "3 2" }),
    };
    row.group.append(row.ground, row.label, row.number, row.now, row.then);
    this.rows.push(row);
    return row.group;
  }

  private drawRow(row: Row, bar: Bar, to: { words: Words; width: number; bars: Bars; share: number; other: number; text: string }): void {
    const { width, bars, text } = to;
    const weight = bar.chosen ? 700 : 400;
    const room = width - text.length * DIGIT - 14 - (bar.chosen ? MARK : 0);
    change(row.ground, { width, height: LABEL + BAR + SPACE - 2 });
    change(row.label, { "font-weight": weight, "font-style": bar.value === null ? "italic" : "normal" });
    say(row.label, (bar.chosen ? "✓ " : "") + fit(bar.label, room, SIZE, weight));
    change(row.number, { x: width, "font-weight": weight });
    say(row.number, text);
    change(row.now, { width: long(to.share, width), fill: colourOf(bar, bars.anyChosen) });
    change(row.then, { width: long(to.other, width), display: bars.names ? "inline" : "none" });
  }

  private drawKey(names: Bars["names"], width: number): void {
    change(this.key, { display: names ? "inline" : "none" });
    if (!names) return;
    const [texts, boxes] = [this.names.take(2), this.boxes.take(2)];
    [names.now, names.then].forEach((name, at) => {
      change(boxes[at]!, { y: at * LINE + 5 });
      change(texts[at]!, { y: at * LINE + 14 });
      say(texts[at]!, fit(name, width - 18, 12));
    });
  }
}

function colourOf({ value, chosen }: Bar, anyChosen: boolean): string {
  if (value === null) return SOFT;
  return chosen ? CHOSEN : anyChosen ? PALE : NOW;
}

function long(share: number, width: number): number {
  return share > 0 ? Math.max(1.5, Math.round(share * (width - 2) * 10) / 10) : 0;
}

function numberOf(words: Words, bar: Bar, byRate: boolean, { total, names }: Bars): string {
  if (names) return `${words.number(bar.n)} · ${words.number(bar.then ?? 0)}`;
  if (byRate) return bar.rate === null ? "–" : words.number(rounded(bar.rate) ?? 0);
  return `${words.number(bar.n)} · ${words.share(total ? bar.n / total : 0)}`;
}
