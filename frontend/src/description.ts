/** What the page tells the explorer of a table, as JSON: ckanext/cpdi/site/explore/description.py makes it. */

export interface Column {
  readonly name: string;
  readonly title: string;
  readonly type: string;
  /** What values are called in the reader's language, where they are called otherwise. */
  readonly values: Readonly<Record<string, string>>;
}

/** How much of its time a row shows. */
export type Finest = "minute" | "hour" | "date" | "month" | "quarter";

/** Whether some row may show its hour. */
export function showsHours({ finest }: Pick<Description, "finest">): boolean {
  return finest === "minute" || finest === "hour";
}

/** Whether some row may show its day. */
export function showsDays({ finest }: Pick<Description, "finest">): boolean {
  return finest !== "month" && finest !== "quarter";
}

/** A format of files, its address without a question. */
export interface Format {
  readonly extension: string;
  readonly title: string;
  readonly address: string;
}

/** A column, or a layer of areas, that rows are counted by. */
export interface Counted {
  readonly name: string;
  readonly title: string;
  /** How many values it has, about: room that charts keep before the counts are there. */
  readonly values: number;
  /** People that live in areas, where that is declared. */
  readonly population: Readonly<Record<string, number>>;
}

/** Addresses of services without a question; `feed` tells of new rows. */
export interface Services {
  readonly geoservices: string;
  readonly items: string;
  readonly feed: string;
  /** Finds the place of an address; empty where rows have none. */
  readonly places: string;
}

export interface Description {
  readonly dataset: string;
  readonly title: string;
  readonly language: string;
  readonly one: string;
  readonly many: string;
  /** Names of fields; `precision` and `category` are empty where the table has none. */
  readonly time: string;
  readonly precision: string;
  readonly category: string;
  readonly columns: readonly Column[];
  /** Columns that a table begins with. */
  readonly listed: readonly string[];
  readonly zone: string;
  /** How much of their time rows show at most. */
  readonly finest: Finest;
  /** Names of the usual periods that the table can be asked for; the counts have their days. */
  readonly periods: readonly string[];
  /** Addresses of services, without a question. */
  readonly counts: string;
  readonly compare: string;
  readonly page: string;
  /** Whether rows have points. */
  readonly placed: boolean;
  /** Columns that say a place more closely than a team or an area does. */
  readonly close: readonly string[];
  /** The column of teams; empty where the table has none. */
  readonly team: string;
  /** The column of blocks, likewise. */
  readonly block: string;
  readonly services: Services;
  /** Where a row stands in an order: address of the service, without a question. */
  readonly position: string;
  /** What the dictionary says of a column, by its name. */
  readonly meanings: Readonly<Record<string, string>>;
  readonly formats: readonly Format[];
  /** What rows are counted by, the category first. */
  readonly counted: readonly Counted[];
  readonly words: Readonly<Record<string, string>>;
}

/** Layers of declared areas are asked for by names such as `area.neighborhood`. */
export const AREA = "area.";

/** Return whether rows can be asked for by `name`. */
export function isColumn({ columns }: Pick<Description, "columns">, name: string): boolean {
  return name.startsWith(AREA) || columns.some((column) => column.name === name);
}

/** What `record` itself has under `key`: a row's text may be a name that every object knows, such as "constructor". */
export function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
