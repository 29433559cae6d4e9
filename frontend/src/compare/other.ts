/**
 * What the rows of the filter are compared with: other days, or another value of a column. In: a parameter of the address.
 * Out: the change of the filter that asks for it, and where a brushed range lies in it.
 */
import type { Span } from "../charts/time/grain";
import type { Cube } from "../counts/cube";
import { dayNumber, isDay, isoDay, yearsLater } from "../counts/days";
import type { Range } from "../counts/sums";
import { chooseValues, type Filter } from "../filter/filter";
import type { Words } from "../words";

/** Other days: a year before, as many days before, or the days from `first` to `last`; or a value of a column. */
export type Other =
  | { readonly kind: "year" | "before" }
  | { readonly kind: "days"; readonly from: string; readonly to: string }
  | { readonly kind: "value"; readonly column: string; readonly value: string };

/** Read the parameter; null for none, and for what is none. */
export function readOther(text: string, isColumn: (name: string) => boolean): Other | null {
  if (text === "year" || text === "before") return { kind: text };
  return readDays(text) ?? readValue(text, isColumn);
}

function readDays(text: string): Other | null {
  const days = text.split("/").sort();
  const [from = "", to = ""] = days;
  return days.length === 2 && days.every(isDay) ? { kind: "days", from, to } : null;
}

function readValue(text: string, isColumn: (name: string) => boolean): Other | null {
  const at = text.indexOf(":");
  const column = text.slice(0, Math.max(0, at));
  return column && isColumn(column) ? { kind: "value", column, value: text.slice(at + 1) } : null;
}

/** Write the parameter. */
export function writeOther(other: Other | null): string {
  if (!other) return "";
  if (other.kind === "days") return `${other.from}/${other.to}`;
  return other.kind === "value" ? `${other.column}:${other.value}` : other.kind;
}

/** Return the days of `other` where those of the filter are `span`. */
export function daysOf(other: Other, span: Span): Span {
  const length = span.last - span.first + 1;
  if (other.kind === "year") return { first: yearsLater(span.first, -1), last: yearsLater(span.last, -1) };
  if (other.kind === "before") return { first: span.first - length, last: span.first - 1 };
  return other.kind === "days" ? { first: dayNumber(other.from), last: dayNumber(other.to) } : span;
}

/** Return the change of `filter`, whose days are `span`, that asks for `other`. */
export function changeTo(other: Other, filter: Filter, span: Span): Partial<Filter> {
  if (other.kind === "value") return { columns: chooseValues(filter, other.column, [other.value]).columns };
  const { first, last } = daysOf(other, span);
  return { from: isoDay(first), to: isoDay(last) };
}

/** Return the days of `other` beside the part `brushed` of the days `span`; the ends of both go together. */
export function part(other: Other, span: Span, brushed: Span): Span {
  const whole = daysOf(other, span);
  const first = other.kind === "year" ? yearsLater(brushed.first, -1) : whole.first + brushed.first - span.first;
  const end = other.kind === "year" ? yearsLater(brushed.last, -1) : whole.first + brushed.last - span.first;
  return { first: Math.min(first, whole.last), last: brushed.last === span.last ? whole.last : Math.min(end, whole.last) };
}

/** Return the bins of `cube` for days; none where it has none of them. */
export function rangeIn(cube: Cube, { first, last }: Span): Range {
  const { period } = cube.document;
  if (!period || last < dayNumber(period.first) || first > dayNumber(period.last)) return { first: 0, end: 0 };
  return cube.rangeOf(first, last);
}

/** What both sides are called. */
export function namesOf(words: Words, other: Other, filter: Filter, brushed: Span, beside: Span): { now: string; then: string } {
  if (other.kind !== "value") return { now: words.days(brushed.first, brushed.last), then: words.days(beside.first, beside.last) };
  const chosen = (filter.columns.get(other.column) ?? []).map((value) => words.value(other.column, value));
  const now = chosen.length > 0 ? words.list(chosen) : words.say("compare_all", { column: words.column(other.column) });
  return { now, then: words.value(other.column, other.value) };
}
