/**
 * A filter as the parameters of a link, in the grammar of docs/filters.md, and back. Nothing is lost: what the filter has
 * no part for is kept as it is. In: a query string. Out: a filter, and the other way round.
 */
import { isDay } from "../counts/days";
import { read, type TimeColumns, write } from "./cql2";
import { type Box, EVERYTHING, type Filter } from "./filter";

/** Parameters that mean the same in each table, which the filter has no part for. */
const OTHERS = new Set(["period", "datetime", "bbox-crs", "filter-lang", "filter-crs"]);

/** What a table's filters are written with. */
export interface Grammar extends TimeColumns {
  /** Whether a name, without a suffix such as `__gte`, is that of a column or of a layer of areas. */
  readonly isColumn: (name: string) => boolean;
}

/** A question's filter, and the other parameters of the address: how the page looks, what mails add to links. */
export interface Question {
  readonly filter: Filter;
  readonly looks: ReadonlyMap<string, string>;
}

/** Write `filter` as a query string without its question mark; the same filter is always written the same way. */
export function writeFilter(filter: Filter, columns: TimeColumns, looks: ReadonlyMap<string, string> = new Map()): string {
  const pairs = new URLSearchParams();
  const put = (name: string, value: string): void => {
    if (value) pairs.append(name, value);
  };
  put("from", filter.from);
  put("to", filter.to);
  for (const [column, values] of filter.columns) for (const value of values) pairs.append(column, value);
  put("q", filter.words);
  put("bbox", filter.box ? filter.box.map((degrees) => Number(degrees.toFixed(6))).join(",") : "");
  put("filter", write(filter, columns));
  for (const [name, value] of filter.kept) pairs.append(name, value);
  for (const [name, value] of looks) put(name, value);
  // Commas and colons need no code, and links are read by people.
  return pairs.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

/** Read a query string, with or without its question mark; an empty value asks for nothing. */
export function readQuestion(query: string, grammar: Grammar): Question {
  const pairs = [...new URLSearchParams(query)].filter(([, value]) => value.trim());
  const asked = pairs.filter(([name]) => isParameter(name, grammar));
  return { filter: readFilter(asked, grammar), looks: new Map(pairs.filter((pair) => !asked.includes(pair))) };
}

function isParameter(name: string, grammar: Grammar): boolean {
  return Object.hasOwn(FIXED, name) || OTHERS.has(name) || grammar.isColumn(name.split("__")[0] ?? "");
}

function readFilter(pairs: readonly (readonly [string, string])[], grammar: Grammar): Filter {
  // Where another language or reference system is named, filters and boxes are not what they look like.
  const plain = !pairs.some(([name]) => OTHERS.has(name));
  let filter: Filter = EVERYTHING;
  for (const [name, value] of pairs) {
    filter = (plain ? readFixed(filter, name, value, grammar) : null) ?? readColumn(filter, name, value) ?? keep(filter, name, value);
  }
  return filter;
}

type Reader = (value: string, columns: TimeColumns) => Partial<Filter> | null;

const FIXED: Readonly<Record<string, Reader>> = {
  from: (value) => (isDay(value) ? { from: value } : null),
  to: (value) => (isDay(value) ? { to: value } : null),
  q: (value) => ({ words: value }),
  bbox: (value) => readBox(value),
  filter: (value, columns) => read(value, columns),
};

/** Return `filter` with what a parameter asks for; null where that is none of its parts, or one that it has already. */
function readFixed(filter: Filter, name: string, value: string, columns: TimeColumns): Filter | null {
  const part = Object.hasOwn(FIXED, name) ? FIXED[name]?.(value, columns) : null;
  if (!part) return null;
  const taken = Object.keys(part).some((key) => !isEmpty(filter[key as keyof Filter]));
  return taken ? null : { ...filter, ...part };
}

function isEmpty(part: Filter[keyof Filter]): boolean {
  return part === null || part === "" || (Array.isArray(part) && part.length === 0);
}

function readColumn(filter: Filter, name: string, value: string): Filter | null {
  if (Object.hasOwn(FIXED, name) || OTHERS.has(name) || name.includes("__")) return null;
  const values = filter.columns.get(name) ?? [];
  return { ...filter, columns: new Map(filter.columns).set(name, [...values.filter((one) => one !== value), value]) };
}

function keep(filter: Filter, name: string, value: string): Filter {
  return { ...filter, kept: [...filter.kept, [name, value]] };
}

function readBox(value: string): { box: Box } | null {
  const numbers = value.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  const [west, south, east, north] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return null;
  // A box that is not written as it was read would be another one.
  if (numbers.some((degrees) => Number(degrees.toFixed(6)) !== degrees)) return null;
  return { box: [west ?? 0, south ?? 0, east ?? 0, north ?? 0] };
}
