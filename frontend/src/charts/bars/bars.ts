/** Rows by the values of a field. In: counts, a range. Out: a number for each value, those left out, and what is chosen. */
import type { Cube } from "../../counts/cube";
import type { Range } from "../../counts/sums";
import { type Description, own } from "../../description";
import type { View } from "../../explorer";
import type { Words } from "../../words";
import type { Figure } from "../figure";
import { change } from "../time/figure";

/** People that live in each area of a layer. */
export type Population = Readonly<Record<string, number>>;

export interface Bar {
  /** As links have it; null for what no link asks for in this way: further values, and rows without one. */
  readonly value: string | null;
  readonly label: string;
  readonly n: number;
  /** The same value under another filter. */
  readonly then: number | null;
  /** For each 1,000 people; null where no population is declared. */
  readonly rate: number | null;
  readonly chosen: boolean;
}

export interface Bars {
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly total: number;
  readonly missing: number;
  readonly anyChosen: boolean;
  readonly population: Population | null;
  readonly names: { readonly now: string; readonly then: string } | null;
}

const THOUSAND = 1000;

/** Return the bars of a field; null where it is not counted. */
export function bars(view: Pick<View, "filter" | "words" | "description">, cube: Cube, range: Range, name: string): Bars | null {
  const slice = cube.slice(name, range);
  if (!slice) return null;
  const chosen = view.filter.columns.get(name) ?? [];
  const population = populationOf(view.description, name);
  const named = slice.values.map((value, at): Bar => {
    const [n, people] = [slice.counts[at] ?? 0, population ? own(population, value) : undefined];
    return { value, label: view.words.value(name, value), n, then: null, rate: people ? (n / people) * THOUSAND : null, chosen: chosen.includes(value) };
  });
  const rest = (label: string, n: number): Bar[] => (n > 0 ? [{ value: null, label: view.words.say(label), n, then: null, rate: null, chosen: false }] : []);
  const all = [...named, ...rest("chart_other", slice.other), ...rest("chart_missing", slice.missing)];
  const total = all.reduce((sum, bar) => sum + bar.n, 0);
  return { name, bars: all, total, missing: slice.missing, anyChosen: chosen.length > 0, population, names: null };
}

/** Return `one` with the numbers of `other`, another filter's, beside; values that only the other has come last. */
export function barsBeside(one: Bars, other: Bars, names: NonNullable<Bars["names"]>): Bars {
  const key = ({ value, label }: Bar): string => (value === null ? `-${label}` : `+${value}`);
  const theirs = new Map(other.bars.map((bar) => [key(bar), bar]));
  const known = new Set(one.bars.map(key));
  const extra = other.bars.filter((bar) => !known.has(key(bar))).map((bar) => ({ ...bar, n: 0, then: bar.n, rate: null }));
  const both = one.bars.map((bar) => ({ ...bar, then: theirs.get(key(bar))?.n ?? 0, rate: null }));
  return { ...one, bars: [...both, ...extra], population: null, names };
}

/** Return the sentence, the notes and the table of bars. */
export function figure({ words, description }: Pick<View, "words" | "description">, { name, bars: all, total, population, names }: Bars, byRate: boolean): Figure {
  const rated = population !== null;
  const heads = names ? [names.now, names.then, words.say("chart_change")] : [description.many, words.say("chart_share"), ...(rated ? [words.say("chart_rate")] : [])];
  return {
    sentence: sentence(words, all, total, byRate),
    notes: byRate && population ? [words.say("chart_rate_base", { people: Object.values(population).reduce((sum, people) => sum + people, 0) })] : [],
    columns: [words.column(name), ...heads],
    rows: () => all.map((bar) => [bar.label, bar.n, ...(names ? [bar.then, change(words, bar.n, bar.then ?? 0)] : [words.share(total ? bar.n / total : 0), ...(rated ? [rounded(bar.rate)] : [])])]),
  };
}

function sentence(words: Words, all: readonly Bar[], total: number, byRate: boolean): string {
  const size = (bar: Bar): number => (byRate ? (bar.rate ?? 0) : bar.n);
  const [first, second] = all.filter((bar) => bar.value !== null && size(bar) > 0).sort((one, other) => size(other) - size(one));
  if (total === 0) return words.say("chart_nothing");
  // Without a rate there are numbers still; without a number there are rows still.
  if (!first) return byRate ? sentence(words, all, total, false) : words.say("chart_valueless");
  const part = (bar: Bar): string => words.say(byRate ? "chart_bar_rate" : "chart_bar", { label: bar.label, n: bar.n, share: words.share(bar.n / total), rate: rounded(bar.rate) ?? "" });
  return second ? words.say("chart_bars_two", { first: part(first), second: part(second) }) : words.say("chart_bars_one", { first: part(first) });
}

/** Return a rate as people read it: three figures. */
export function rounded(rate: number | null): number | null {
  return rate === null ? null : rate >= 100 ? Math.round(rate) : Number(rate.toPrecision(3));
}


function populationOf(description: Description, name: string): Population | null {
  const population = description.counted.find((one) => one.name === name)?.population ?? {};
  return Object.keys(population).length > 0 ? population : null;
}
