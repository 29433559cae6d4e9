/** The document of `/data/{dataset}/counts`, as docs/endpoints.md describes it. */

/** A row of bins for each value; `other` are values that are not named, `missing` rows without one. */
export interface ValueCounts {
  readonly counts: readonly (readonly number[])[];
  readonly other: readonly number[] | null;
  readonly missing: readonly number[];
}

/** Counts of one dimension, without its own condition. */
export interface DimensionCounts extends ValueCounts {
  readonly name: string;
  /** Most first; those that the filter names are among them. */
  readonly values: readonly string[];
  /** Where bins are days: rows that show their month only, per month of the period. */
  readonly coarse?: ValueCounts | undefined;
}

/** A declared break, which has no last day, or a gap; `text` is null for a gap that the department says nothing of. */
export interface SeriesNote {
  readonly first: string;
  readonly last: string | null;
  readonly text: { readonly en: string; readonly es: string } | null;
}

/** Counts by hour: 24 rows of day bins, since the weekday follows from the day; or 168 of month bins, Sunday first. */
export interface HourCounts {
  readonly counts: readonly (readonly number[])[];
  /** Rows that show no hour. */
  readonly without: readonly number[];
}

export interface CountsDocument {
  readonly dataset: string;
  readonly version: string;
  readonly zone: string;
  /** Rows that meet the whole filter. */
  readonly rows: number;
  /** First and last day that the bins span; null where no day of the table is asked for. */
  readonly period: { readonly first: string; readonly last: string } | null;
  readonly bin: "day" | "month";
  readonly bins: number;
  /** Days of the whole table under the filter without its period: rows that show their day. Null for an empty table. */
  readonly days: { readonly first: string; readonly counts: readonly number[]; readonly coarse?: readonly number[] } | null;
  /** First and last day of the usual periods, as of the last day of the whole table, by name. */
  readonly periods?: Readonly<Record<string, readonly [string, string]>>;
  readonly breaks?: readonly SeriesNote[];
  readonly gaps?: readonly SeriesNote[];
  /** `coarse`, per month of the period: rows that show their month only, which are in no bin of a day. */
  readonly total?: { readonly counts: readonly number[]; readonly coarse: readonly number[] } | undefined;
  readonly dimensions?: readonly DimensionCounts[] | undefined;
  /** Rows on no map: `nowhere`, or `team` where they show that alone. Null for a table without points. */
  readonly unplaced?: Omit<DimensionCounts, "name"> | null;
  readonly hours?: HourCounts | undefined;
  readonly week_hours?: HourCounts | undefined;
}
