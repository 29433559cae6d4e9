/** Days, weeks and months of a span of days. Days are numbers since 1970. */
import { firstOfMonth, monthNumber, weekday } from "../../counts/days";

export type Grain = "day" | "week" | "month";
/** What each is called, by its key among the words; the empty one is the usual. */
export const GRAIN_KEYS = { "": "chart_by_usual", day: "chart_by_day", week: "chart_by_week", month: "chart_by_month" } as const;
export const GRAINS: readonly Grain[] = ["day", "week", "month"];

/** Days from `first` to `last`, both included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

const FEW = 62;
const SEVERAL = 400;

/** Return what a span is best shown by. */
export function usual({ first, last }: Span): Grain {
  const days = last - first + 1;
  return days <= FEW ? "day" : days <= SEVERAL ? "week" : "month";
}

/** Return whether a span is drawn by `grain` at all: a thousand days have no room. */
export function isFit({ first, last }: Span, grain: Grain): boolean {
  return grain !== "day" || last - first < 2 * SEVERAL;
}

/** Return the days, weeks (from Monday on) or months that a span touches, cut off at its ends. */
export function parts(span: Span, grain: Grain): Span[] {
  const found: Span[] = [];
  for (let first = span.first; first <= span.last; ) {
    const last = Math.min(lastOf(first, grain), span.last);
    found.push({ first, last });
    first = last + 1;
  }
  return found;
}

/** Return whether a part is a whole day, week or month. */
export function isWhole({ first, last }: Span, grain: Grain): boolean {
  return last === lastOf(first, grain) && (grain === "day" || firstOf(first, grain) === first);
}

function lastOf(day: number, grain: Grain): number {
  if (grain === "day") return day;
  return grain === "week" ? firstOf(day, grain) + 6 : firstOfMonth(monthNumber(day) + 1) - 1;
}

function firstOf(day: number, grain: Grain): number {
  return grain === "week" ? day - ((weekday(day) + 6) % 7) : firstOfMonth(monthNumber(day));
}
