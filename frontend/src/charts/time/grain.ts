/** Days, weeks, months and quarters of a span of days. Days are numbers since 1970. */
import { firstOfMonth, monthNumber, weekday } from "../../counts/days";
import type { Finest } from "../../description";

export type Grain = "day" | "week" | "month" | "quarter";
/** What each is called, by its key among the words; the empty one is the usual. */
export const GRAIN_KEYS = { "": "chart_by_usual", day: "chart_by_day", week: "chart_by_week", month: "chart_by_month", quarter: "chart_by_quarter" } as const;
export const GRAINS: readonly Grain[] = ["day", "week", "month", "quarter"];
/** Months of a part; others are made of days. */
const MONTHS = { month: 1, quarter: 3 } as const;

/** Days from `first` to `last`, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

const FEW = 62;
const SEVERAL = 400;

/** Return what a span is best shown by, where rows show `finest` of their time. */
export function usual({ first, last }: Span, finest: Finest): Grain {
  if (isWithoutDays(finest)) return finest;
  const days = last - first + 1;
  return days <= FEW ? "day" : days <= SEVERAL ? "week" : "month";
}

/** Return whether a span is drawn by `grain` at all: a thousand days have no room, and rows that show none are in none. */
export function isFit({ first, last }: Span, grain: Grain, finest: Finest): boolean {
  if (isWithoutDays(finest)) return GRAINS.indexOf(grain) >= GRAINS.indexOf(finest);
  return grain !== "day" || last - first < 2 * SEVERAL;
}

/** Whether parts are whole months: rows that show their month only are in one. */
export function isOfMonths(grain: Grain): grain is "month" | "quarter" {
  return grain === "month" || grain === "quarter";
}

function isWithoutDays(finest: Finest): finest is "month" | "quarter" {
  return finest === "month" || finest === "quarter";
}

/** Return the days, weeks (from Monday on), months or quarters that a span touches, cut off at its ends. */
export function parts(span: Span, grain: Grain): Span[] {
  const found: Span[] = [];
  for (let first = span.first; first <= span.last; ) {
    const last = Math.min(lastOf(first, grain), span.last);
    found.push({ first, last });
    first = last + 1;
  }
  return found;
}

/** Return whether a part is a whole day, week, month or quarter. */
export function isWhole({ first, last }: Span, grain: Grain): boolean {
  return last === lastOf(first, grain) && (grain === "day" || firstOf(first, grain) === first);
}

function lastOf(day: number, grain: Grain): number {
  if (grain === "day") return day;
  return grain === "week" ? firstOf(day, grain) + 6 : firstOfMonth(firstMonth(day, grain) + MONTHS[grain]) - 1;
}

function firstOf(day: number, grain: Grain): number {
  return isOfMonths(grain) ? firstOfMonth(firstMonth(day, grain)) : day - ((weekday(day) + 6) % 7);
}

function firstMonth(day: number, grain: "month" | "quarter"): number {
  const month = monthNumber(day);
  return month - (month % MONTHS[grain]);
}
