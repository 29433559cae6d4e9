/** The document of `/data/{dataset}/counts`, as docs/endpoints.md describes it. */

/** Counts of one dimension, without its own condition: a row of bins for each value. */
export interface DimensionCounts {
  readonly name: string;
  /** Most first. A further row of `counts` has the values that are not named, where `other` is true. */
  readonly values: readonly string[];
  readonly other?: boolean;
  readonly counts: readonly (readonly number[])[];
  /** Rows without a value. */
  readonly missing: readonly number[];
}

/** Counts by hour: 24 rows of day bins, since the weekday follows from the day; or 168 of month bins, Sunday first. */
export interface HourCounts {
  readonly counts: readonly (readonly number[])[];
  /** Rows that show no hour. */
  readonly without: readonly number[];
}

export interface CountsDocument {
  readonly dataset: string;
  readonly version: number;
  readonly zone: string;
  /** Rows that meet the whole filter. */
  readonly rows: number;
  /** First and last day that the bins span; null where no day of the table is asked for. */
  readonly period: { readonly first: string; readonly last: string } | null;
  readonly bin: "day" | "month";
  readonly bins: number;
  /** Days of the whole table under the filter without its period: rows that show their day. Null for an empty table. */
  readonly days: { readonly first: string; readonly counts: readonly number[] } | null;
  /** `coarse`, per month of the period: rows that show their month only, which are in no bin of a day. */
  readonly total?: { readonly counts: readonly number[]; readonly coarse: readonly number[] } | undefined;
  readonly dimensions?: readonly DimensionCounts[] | undefined;
  readonly hours?: HourCounts | undefined;
  readonly week_hours?: HourCounts | undefined;
}
