/** A cell of a row in words, in the reader's language. */
import { dayNumber } from "../counts/days";
import { type Column, type Finest, own } from "../description";
import { type Spoken, toTheHour, type Words } from "../words";

/** A row as services give it, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What has to be known of a table to say its times: names of fields, `precision` empty where there is none. */
export interface Table extends Spoken {
  readonly time: string;
  readonly precision: string;
}

/** Intl has no quarters. */
const QUARTER = "quarter";
type Precision = Exclude<Finest, typeof QUARTER>;
const PARTS: Readonly<Record<Precision, Intl.DateTimeFormatOptions>> = {
  minute: { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  hour: { year: "numeric", month: "short", day: "numeric", hour: "numeric" },
  date: { year: "numeric", month: "short", day: "numeric" },
  month: { year: "numeric", month: "long" },
};
const WALL = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?/;

/**
 * The wall time of the department that an ISO text names, no finer than `precision`. The text's own clock is shown,
 * whatever the zone of the reader.
 */
export function moment(text: string, precision: unknown, words: Words): string {
  const [, day, clock] = WALL.exec(text) ?? [];
  if (!day) return text;
  if (precision === QUARTER) return words.quarter(dayNumber(day));
  const known = isPrecision(precision) ? precision : clock ? "minute" : "date";
  const format = new Intl.DateTimeFormat(words.language, { ...PARTS[known], timeZone: "UTC" });
  const time = new Date(`${day}T${clock ?? "00:00"}Z`);
  return known === "hour" ? toTheHour(format, time) : format.format(time);
}

/** The cell of `column` in words; empty where it is. */
export function cell(row: Row, column: Column, table: Table, words: Words): string {
  const value = row[column.name];
  switch (typeof value) {
    case "boolean":
      return words.say(value ? "yes" : "no");
    case "number":
      return words.number(value);
    case "string":
      return textual(value, row, column, table, words);
    default:
      return "";
  }
}

function textual(value: string, row: Row, { name, type, values }: Column, { time, precision }: Table, words: Words): string {
  const isTime = type === "datetime" || type === "date";
  if (!isTime) return own(values, value) ?? value;
  return moment(value, name === time ? row[precision] : undefined, words);
}

function isPrecision(value: unknown): value is Precision {
  return typeof value === "string" && Object.hasOwn(PARTS, value);
}
