/** Rows by hour and weekday. In: counts, a range. Out: 7 × 24 numbers, and how many rows show no hour. */
import type { Cube } from "../../counts/cube";
import { dayNumber } from "../../counts/days";
import type { Range } from "../../counts/sums";
import type { Filter } from "../../filter/filter";
import type { View } from "../../explorer";
import type { Words } from "../../words";
import type { Figure } from "../figure";

export const HOURS = 24;
export const DAYS = 7;
/** Weekdays as a week of work has them; 0 is Sunday. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;
const SUNDAY = dayNumber("2023-01-01");

export interface Heat {
  /** `weekday × 24 + hour`, Sunday at midnight first. */
  readonly counts: Int32Array;
  readonly without: number;
  readonly most: number;
  /** What the darkest step of colour stands for. */
  readonly scale: number;
  readonly hours: readonly number[];
  readonly weekdays: readonly number[];
}

/** Return the heat map; null for a table whose rows show no hour. */
export function heat({ filter }: Pick<View, "filter">, cube: Cube, range: Range): Heat | null {
  const counts = cube.week(range);
  if (!counts) return null;
  const most = Math.max(...counts);
  return { counts, without: cube.withoutHour(range) + (cube.document.bin === "day" ? cube.coarse(range) : 0), most, scale: most, hours: filter.hours, weekdays: filter.weekdays };
}

/** Return whether rows of a weekday and hour are asked for. */
export function isChosen({ hours, weekdays }: Pick<Heat, "hours" | "weekdays">, weekday: number, hour: number): boolean {
  return (hours.length === 0 || hours.includes(hour)) && (weekdays.length === 0 || weekdays.includes(weekday));
}

/** Return the hours and weekdays from one cell to another; all hours, or all weekdays, are no condition. */
export function rectangle(from: readonly [number, number], to: readonly [number, number]): Pick<Filter, "hours" | "weekdays"> {
  const between = (one: number, other: number): number[] => Array.from({ length: Math.abs(one - other) + 1 }, (_, at) => Math.min(one, other) + at);
  const days = between(from[0], to[0]).map((at) => WEEK[at] ?? 0);
  const hours = between(from[1], to[1]);
  return { hours: hours.length === HOURS ? [] : hours, weekdays: days.length === DAYS ? [] : days.sort((one, other) => one - other) };
}

/** Return whether both ask for the same hours and weekdays. */
export function isSame(one: Pick<Filter, "hours" | "weekdays">, other: Pick<Filter, "hours" | "weekdays">): boolean {
  return one.hours.join() === other.hours.join() && one.weekdays.join() === other.weekdays.join();
}

/** What a weekday is called. */
export function dayName(words: Words, weekday: number, weekdayForm: "short" | "long" = "long"): string {
  return words.day(SUNDAY + weekday, { weekday: weekdayForm });
}

/** What an hour is called: a clock of 24 hours, as the files have. */
export function hourName(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** What a reader at one cell is told. */
export function cellSentence(words: Words, { counts }: Heat, weekday: number, hour: number): string {
  return words.say("chart_cell", { day: dayName(words, weekday), hour: hourName(hour), rows: words.rows(counts[weekday * HOURS + hour] ?? 0) });
}

/** Return the sentence, the notes and the table of a heat map. */
export function figure({ words }: Pick<View, "words">, drawn: Heat): Figure {
  const at = drawn.counts.indexOf(drawn.most);
  const cell = { day: dayName(words, Math.floor(at / HOURS)), hour: hourName(at % HOURS), n: drawn.most };
  return {
    sentence: drawn.most > 0 ? words.say("chart_heat", { ...cell, ...highest(words, drawn) }) : words.say("chart_nothing"),
    notes: [drawn.without > 0 ? words.count("chart_hourless", drawn.without) : words.say("chart_hourless_none")],
    columns: [words.say("chart_hour"), ...WEEK.map((weekday) => dayName(words, weekday))],
    rows: () => Array.from({ length: HOURS }, (_, hour) => [hourName(hour), ...WEEK.map((weekday) => drawn.counts[weekday * HOURS + hour] ?? 0)]),
  };
}

/** The weekday with most rows of all. */
function highest(words: Words, { counts }: Heat): { top: string; n_top: number } {
  const sums = Array.from({ length: DAYS }, (_, day) => counts.subarray(day * HOURS, (day + 1) * HOURS).reduce((sum, one) => sum + one, 0));
  const most = Math.max(...sums);
  return { top: dayName(words, sums.indexOf(most)), n_top: most };
}
