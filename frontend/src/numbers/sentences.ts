/** What a view says in words. In: counts and a range of time. Out: sentences, the number of rows first. */
import type { Cube } from "../counts/cube";
import { dayNumber, yearsLater } from "../counts/days";
import type { View } from "../explorer";

/** Shares below it are no change. */
const LEAST = 0.005;

/** Return the sentences of `view`; none before there are counts. */
export function sentences(view: View): string[] {
  const { cube } = view;
  return cube ? [total(view, cube), comparison(view, cube), most(view, cube), coarse(view, cube)].filter(Boolean) : [];
}

function total({ range, words }: View, cube: Cube): string {
  const { from, to } = cube.daysOf(range);
  return words.say("rows_in", { rows: words.rows(cube.rows(range)), days: words.days(dayNumber(from), dayNumber(to)) });
}

/** The rows that show their day beside those of the same days a year before; empty where the table has no such days. */
function comparison({ range, words }: View, cube: Cube): string {
  const { from, to } = cube.daysOf(range);
  // Days that are still to come had rows a year ago.
  const [first, last] = [dayNumber(from), Math.min(dayNumber(to), cube.span.last)];
  const before = [yearsLater(first, -1), yearsLater(last, -1)] as const;
  if (before[0] < cube.span.first || last < first) return "";
  const then = cube.onDays(...before);
  if (then === 0) return words.say("none_then");
  const change = (cube.onDays(first, last) - then) / then;
  if (Math.abs(change) < LEAST) return words.say("as_then", { then });
  return words.say(change > 0 ? "more_than_then" : "fewer_than_then", { share: words.share(Math.abs(change)), then });
}

function most({ range, words, description }: View, cube: Cube): string {
  const slice = cube.slice(description.category, range);
  const n = Math.max(0, ...(slice?.counts ?? []));
  const value = slice?.values[slice.counts.indexOf(n)];
  return n > 0 && value !== undefined ? words.say("most", { value: words.value(description.category, value), n }) : "";
}

function coarse({ range, words }: View, cube: Cube): string {
  const n = cube.document.bin === "day" ? cube.coarse(range) : 0;
  return n > 0 ? words.count("coarse", n) : "";
}
