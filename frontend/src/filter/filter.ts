/** What rows are asked for: a frozen value that is written as a link (`parameters.ts`) and changed by making another. */

/** West, south, east and north in degrees. */
export type Box = readonly [number, number, number, number];
/** Longitude and latitude in degrees. */
export type Position = readonly [number, number];

/** Within so many metres of a position. */
export interface Near {
  readonly at: Position;
  readonly metres: number;
}

export interface Filter {
  /** ISO days of the department's clock, both included; empty where the period is open. */
  readonly from: string;
  readonly to: string;
  /** Words that rows have. */
  readonly words: string;
  /** Columns and the values that they may have, such as `team` or `area.neighborhood`. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly box: Box | null;
  /** The corners of a drawn polygon; the last is joined to the first. */
  readonly polygon: readonly Position[] | null;
  readonly near: Near | null;
  /** Hours of the day, 0 to 23; none is any, also of rows that show no hour. */
  readonly hours: readonly number[];
  /** Days of the week, 0 is Sunday; none is any, also of rows that show their month only. */
  readonly weekdays: readonly number[];
  /** Parameters that the bar has no control for, as they were read. */
  readonly kept: readonly (readonly [string, string])[];
}

export const EVERYTHING: Filter = {
  from: "",
  to: "",
  words: "",
  columns: new Map(),
  box: null,
  polygon: null,
  near: null,
  hours: [],
  weekdays: [],
  kept: [],
};

/** Return `filter` with `change`; a place is a box, a polygon or a circle, so each takes the place of the others. */
export function changeFilter(filter: Filter, change: Partial<Filter>): Filter {
  const placed = change.box ?? change.polygon ?? change.near;
  const cleared = placed ? { box: null, polygon: null, near: null } : {};
  return { ...filter, ...cleared, ...change };
}

/** Return `filter` with other values of one column; none means any. */
export function chooseValues(filter: Filter, column: string, values: readonly string[]): Filter {
  const columns = new Map(filter.columns);
  if (values.length > 0) columns.set(column, [...new Set(values)]);
  else columns.delete(column);
  return { ...filter, columns };
}

/** Return `filter` with a value of a column turned on or off. */
export function toggleValue(filter: Filter, column: string, value: string): Filter {
  const chosen = filter.columns.get(column) ?? [];
  return chooseValues(filter, column, chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
}
