/** What a view says in words. In: counts and a range of time. Out: sentences, the number of rows first. */
import type { Cube } from "../counts/cube";
import { dayNumber, yearsLater } from "../counts/days";
import type { SeriesNote } from "../counts/document";
import { showsDays } from "../description";
import type { View } from "../explorer";

/** Shares below it are no change. */
const LEAST = 0.005;

/** Return the sentences of `view`; none before there are counts. */
export function sentences(view: View): string[] {
  const { cube } = view;
  if (!cube) return [];
  return [total(view, cube), comparison(view, cube), most(view, cube), coarse(view, cube), ...notes(view, cube)].filter(Boolean);
}

/** Return how many rows a range has, and its days; a period of which the table has none has no days either. */
export function total({ range, words }: Pick<View, "range" | "words">, cube: Cube): string {
  const rows = words.rows(cube.rows(range));
  if (!cube.document.period) return words.say("rows_none", { rows });
  const { from, to } = cube.daysOf(range);
  return words.say("rows_in", { rows, days: words.days(dayNumber(from), dayNumber(to)) });
}

/** The rows that show their day, or all where none does, beside those of the same days a year before; empty where the table has no such days. */
function comparison({ range, words, description }: View, cube: Cube): string {
  const { from, to } = cube.daysOf(range);
  // Days that are still to come had rows a year ago.
  const [first, last] = [dayNumber(from), Math.min(dayNumber(to), cube.span.last)];
  const before = yearBefore(first, last);
  if (before[0] < cube.span.first || last < first) return "";
  const on = (days: readonly [number, number]): number => (showsDays(description) ? cube.onDays(...days) : cube.coarseOn(...days));
  const then = on(before);
  if (then === 0) return words.say("none_then");
  const change = (on([first, last]) - then) / then;
  if (Math.abs(change) < LEAST) return words.say("as_then", { then });
  return words.say(change > 0 ? "more_than_then" : "fewer_than_then", { share: words.share(Math.abs(change)), then });
}

function yearBefore(first: number, last: number): readonly [number, number] {
  return [yearsLater(first, -1), yearsLater(last, -1)];
}

/** What the department says of the series in these days, and of a break or gap between them and those a year before. */
function notes({ range, words }: View, cube: Cube): string[] {
  const { from, to } = cube.daysOf(range);
  const [first, last] = [dayNumber(from), dayNumber(to)];
  const inside = cube.notes(first, last);
  const compared = yearBefore(first, last)[0] >= cube.span.first;
  const between = compared ? cube.notes(yearBefore(first, last)[0], first - 1) : [];
  const text = (note: SeriesNote): string => note.text?.[words.language.startsWith("es") ? "es" : "en"] ?? "";
  const days = (note: SeriesNote): string => words.days(dayNumber(note.first), dayNumber(note.last ?? note.first));
  return [
    ...inside.map((note) => words.say(note.text ? "note" : "gap", { days: days(note), text: text(note) })),
    ...between.map((note) => words.say(note.text ? "note_between" : "gap_between", { days: days(note), text: text(note) })),
  ];
}

/** The most frequent category of those asked for; a dimension is counted without its own condition. */
function most({ filter, range, words, description }: View, cube: Cube): string {
  const { category } = description;
  const slice = cube.slice(category, range);
  const chosen = filter.columns.get(category);
  // What is kept may be about the category in ways that only the service knows.
  if (!slice || chosen?.length === 1 || filter.kept.length > 0) return "";
  const counted = slice.values.map((value, place) => ({ value, n: slice.counts[place] ?? 0 }));
  const first = counted.filter(({ value }) => chosen?.includes(value) ?? true).sort((one, other) => other.n - one.n)[0];
  return first && first.n > 0 ? words.say("most", { value: words.value(category, first.value), n: first.n }) : "";
}

function coarse({ range, words }: View, cube: Cube): string {
  const n = cube.document.bin === "day" ? cube.coarse(range) : 0;
  return n > 0 ? words.count("coarse", n) : "";
}
