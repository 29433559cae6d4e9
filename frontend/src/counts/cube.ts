/**
 * The counts under one filter, ready to be summed over any range of time without a request. In: the service's document.
 * Out: numbers of rows.
 */
import { dayNumber, firstOfMonth, isoDay, monthNumber, weekday } from "./days";
import type { CountsDocument, DimensionCounts, SeriesNote, ValueCounts } from "./document";
import { type Range, Sums } from "./sums";

const HOURS = 24;
const WEEK = 7 * HOURS;
const EPOCH = "1970-01-01";
/** What the document of a table without rows lacks. */
const NONE = {
  period: { first: EPOCH, last: EPOCH },
  days: { first: EPOCH, counts: [] },
  total: { counts: [], coarse: [] },
  dimensions: [],
};

/** A dimension's counts over a range: `values[i]` has `counts[i]` rows. Rows that show their month only are in it. */
export interface Slice {
  readonly values: readonly string[];
  readonly counts: Int32Array;
  /** Rows with values that are not named. */
  readonly other: number;
  /** Rows without a value. */
  readonly missing: number;
}

interface Dimension {
  readonly values: readonly string[];
  readonly sums: Sums;
  /** Of rows that show their month only, by month; null where they are in the bins. */
  readonly coarse: Sums | null;
}

export class Cube {
  readonly document: CountsDocument;
  /** Every bin. */
  readonly whole: Range;
  /** First and last day of the whole table; the last before the first where it has none. */
  readonly span: { readonly first: number; readonly last: number };
  private readonly firstDay: number;
  private readonly lastDay: number;
  private readonly firstMonth: number;
  private readonly months: Range;
  private readonly total: Sums;
  private readonly coarseTotal: Sums;
  private readonly days: Sums;
  private readonly dimensions: ReadonlyMap<string, Dimension>;
  private readonly lost: Dimension | null;
  private readonly hours: Sums | null;

  constructor(document: CountsDocument) {
    const { bins, total, days, period, dimensions, unplaced } = { ...NONE, ...withoutNulls(document) };
    const start = dayNumber(days.first);
    this.document = document;
    this.whole = { first: 0, end: bins };
    this.firstDay = dayNumber(period.first);
    this.lastDay = dayNumber(period.last);
    this.firstMonth = monthNumber(this.firstDay);
    this.coarseTotal = new Sums([total.coarse], total.coarse.length);
    this.months = { first: 0, end: total.coarse.length };
    this.total = new Sums([total.counts], bins);
    this.span = { first: start, last: start + days.counts.length - 1 };
    this.days = new Sums([days.counts], days.counts.length);
    this.dimensions = new Map(dimensions.map((one) => [one.name, dimension(one, bins, this.months.end)]));
    this.lost = unplaced ? dimension(unplaced, bins, this.months.end) : null;
    this.hours = this.weekOf(document);
  }

  /** The first day of a bin, as a number of days; for the end of the last bin, the day behind it. */
  dayOf(bin: number): number {
    return this.document.bin === "day" ? this.firstDay + bin : bin === 0 ? this.firstDay : firstOfMonth(this.firstMonth + bin);
  }

  /** The bins of the days from `first` to `last`, both included; cut off where the period ends. */
  rangeOf(first: number, last: number): Range {
    const place = (day: number): number => (this.document.bin === "day" ? day - this.firstDay : monthNumber(day) - this.firstMonth);
    const within = (bin: number): number => Math.max(0, Math.min(this.document.bins, bin));
    return { first: within(place(first)), end: within(place(last) + 1) };
  }

  /** First and last day of a range, as `from` and `to` of a link have them. */
  daysOf({ first, end }: Range): { readonly from: string; readonly to: string } {
    const last = Math.min(this.dayOf(end) - 1, this.lastDay);
    return { from: isoDay(this.dayOf(first)), to: isoDay(last) };
  }

  /** Rows in a range: the lines of the CSV of `from`, `to` and the filter. */
  rows(range: Range): number {
    return this.total.one(0, range) + (this.document.bin === "day" ? this.coarse(range) : 0);
  }

  /** Those of them that show their month only; they stand at the first of it. */
  coarse(range: Range): number {
    return this.coarseTotal.one(0, this.monthsIn(range));
  }

  /** Rows that show their day, from the day `first` to the day `last`, under the filter without its period. */
  onDays(first: number, last: number): number {
    const { first: start, last: end } = this.span;
    const within = (day: number): number => Math.max(0, Math.min(end + 1 - start, day - start));
    return this.days.one(0, { first: within(first), end: within(last + 1) });
  }

  /** Rows of the period that show their day, from the day `first` to the day `last`. */
  inPeriod(first: number, last: number): number {
    return this.document.bin === "day" ? this.total.one(0, this.rangeOf(first, last)) : this.onDays(first, last);
  }

  /** Rows that show their month only, which stand at a day from `first` to `last`; under the filter without its period. */
  coarseOn(first: number, last: number): number {
    const start = monthNumber(this.span.first);
    const stands = (day: number): boolean => day >= first && day <= last;
    return (this.document.days?.coarse ?? []).reduce((sum, count, month) => (stands(firstOfMonth(start + month)) ? sum + count : sum), 0);
  }

  /** Counts of a dimension over a range; null where the service does not count it. */
  slice(name: string, range: Range): Slice | null {
    return this.sliceOf(this.dimensions.get(name) ?? null, range);
  }

  /** Rows of a range that are on no map, and those of them that show their team alone. */
  unplaced(range: Range): { readonly rows: number; readonly inTeam: number } {
    const slice = this.sliceOf(this.lost, range);
    const rows = slice?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
    return { rows, inTeam: slice?.counts[slice.values.indexOf("team")] ?? 0 };
  }

  private sliceOf(found: Dimension | null, range: Range): Slice | null {
    if (!found) return null;
    const counts = found.sums.all(range);
    if (found.coarse) found.coarse.all(this.monthsIn(range)).forEach((n, place) => (counts[place]! += n));
    const named = found.values.length;
    return { values: found.values, counts: counts.subarray(0, named), other: counts[named] ?? 0, missing: counts[named + 1] ?? 0 };
  }

  /** Names of what the service counts. */
  get names(): readonly string[] {
    return [...this.dimensions.keys()];
  }

  /** Breaks and gaps that lie in the days from `first` to `last`, or between two of them. */
  notes(first: number, last: number): readonly SeriesNote[] {
    const { breaks = [], gaps = [] } = this.document;
    return [...breaks, ...gaps].filter((note) => dayNumber(note.first) <= last && dayNumber(note.last ?? note.first) >= first);
  }

  /** Rows by weekday and hour, `7 × 24`, Sunday at midnight first; null where the table has no hours. */
  week(range: Range): Int32Array | null {
    return this.hours ? this.hours.all(range).subarray(0, WEEK) : null;
  }

  /** Rows in the range's bins that show no hour. */
  withoutHour(range: Range): number {
    return this.hours ? this.hours.one(WEEK, range) : 0;
  }

  /** The months whose first day lies in a range. */
  private monthsIn({ first, end }: Range): Range {
    const from = (day: number): number => {
      const month = monthNumber(day);
      return month - this.firstMonth + (firstOfMonth(month) < day ? 1 : 0);
    };
    return { first: Math.min(from(this.dayOf(first)), this.months.end), end: Math.min(from(this.dayOf(end)), this.months.end) };
  }

  private weekOf({ hours, week_hours: week, bins }: CountsDocument): Sums | null {
    if (week) return new Sums([...week.counts, week.without], bins);
    if (!hours) return null;
    const place = (hour: number, bin: number): number => (hour === HOURS ? WEEK : weekday(this.firstDay + bin) * HOURS + hour);
    return new Sums([...hours.counts, hours.without], bins, WEEK + 1, place);
  }
}

type Present<Document> = { [Key in keyof Document]: NonNullable<Document[Key]> };

function withoutNulls<Document extends object>(document: Document): Present<Document> {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null && value !== undefined)) as Present<Document>;
}

/** Rows for the named values, then one for the others, then one for those without. */
function dimension(one: Omit<DimensionCounts, "name">, bins: number, months: number): Dimension {
  const sums = (counts: ValueCounts, width: number): Sums => new Sums([...counts.counts, counts.other ?? [], counts.missing], width);
  return { values: one.values, sums: sums(one, bins), coarse: one.coarse ? sums(one.coarse, months) : null };
}
