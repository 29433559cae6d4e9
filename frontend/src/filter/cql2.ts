/**
 * The conditions of a filter that no plain parameter has, as CQL2 text. Only what is written here is read back; anything
 * else is kept as it is. In: parts of a filter. Out: text, and the other way round.
 */
import type { Filter, Near, Position } from "./filter";

/** Names of the columns that conditions on time and its precision are written with; `precision` is empty without one. */
export interface TimeColumns {
  readonly time: string;
  readonly precision: string;
}

/** The parts of a filter that stand in CQL2. */
export type InCql2 = Pick<Filter, "hours" | "weekdays" | "polygon" | "near">;

const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const POSITION = `${NUMBER} ${NUMBER}`;
const POLYGON = new RegExp(String.raw`^S_INTERSECTS\(geometry, POLYGON\(\((${POSITION}(?:, ${POSITION})+)\)\)\)$`);
const NEAR = new RegExp(String.raw`^S_DWITHIN\(geometry, POINT\((${POSITION})\), (\d+), 'm'\)$`);

/** A row that shows its day or month only stands at midnight: it is not of that hour, nor of that weekday. */
const SHOWS_HOUR = ["minute", "hour"];
const SHOWS_DAY = [...SHOWS_HOUR, "date"];

const MANY = { hour: 24, weekday: 7 } as const;

/** Write the parts; empty where there are none. */
export function write(parts: InCql2, columns: TimeColumns): string {
  const { hours, weekdays, polygon, near } = parts;
  const conditions = [
    ...(hours.length > 0 ? [partOfTime("hour", hours, columns)] : []),
    ...(weekdays.length > 0 ? [partOfTime("weekday", weekdays, columns)] : []),
    ...precision(parts, columns),
    ...(polygon ? [`S_INTERSECTS(geometry, POLYGON((${[...polygon, polygon[0] ?? [0, 0]].map(position).join(", ")})))`] : []),
    ...(near ? [`S_DWITHIN(geometry, POINT(${position(near.at)}), ${near.metres}, 'm')`] : []),
  ];
  return conditions.join(" AND ");
}

/** Read what `write` has written; null where any of it is something else. */
export function read(text: string, columns: TimeColumns): InCql2 | null {
  let found: InCql2 = { hours: [], weekdays: [], polygon: null, near: null };
  for (const condition of conditionsOf(text)) found = { ...found, ...readOne(condition, columns) };
  // Whatever was not understood, or is there twice, is not written again.
  return write(found, columns) === text ? found : null;
}

function readOne(condition: string, columns: TimeColumns): Partial<InCql2> {
  const polygon = POLYGON.exec(condition)?.[1];
  if (polygon) return { polygon: polygon.split(", ").map(readPosition).slice(0, -1) };
  const near = NEAR.exec(condition);
  if (near?.[1]) return { near: { at: readPosition(near[1]), metres: Number(near[2]) } satisfies Near };
  const hours = numbersOf(condition, "hour", columns);
  if (hours) return { hours };
  const weekdays = numbersOf(condition, "weekday", columns);
  return weekdays ? { weekdays } : {};
}

function partOfTime(part: "hour" | "weekday", values: readonly number[], { time }: TimeColumns): string {
  return `${part}(${time}) IN (${values.join(", ")})`;
}

function numbersOf(condition: string, part: "hour" | "weekday", { time }: TimeColumns): number[] | null {
  const start = `${part}(${time}) IN (`;
  if (!condition.startsWith(start)) return null;
  const numbers = condition.slice(start.length, -1).split(", ").map(Number);
  return numbers.every((one) => Number.isInteger(one) && one >= 0 && one < MANY[part]) ? numbers : null;
}

function precision({ hours, weekdays }: InCql2, columns: TimeColumns): string[] {
  const values = hours.length > 0 ? SHOWS_HOUR : weekdays.length > 0 ? SHOWS_DAY : [];
  return columns.precision && values.length > 0 ? [`${columns.precision} IN (${values.map((value) => `'${value}'`).join(", ")})`] : [];
}

function position([longitude, latitude]: Position): string {
  return `${plain(longitude)} ${plain(latitude)}`;
}

/** A number without an exponent, to a decimetre. */
function plain(degrees: number): string {
  return String(Number(degrees.toFixed(6)));
}

function readPosition(text: string): Position {
  const [longitude = 0, latitude = 0] = text.split(" ").map(Number);
  return [longitude, latitude];
}

/** The conditions between the ANDs. Texts with an AND in them are none of ours, and are found not to be. */
function conditionsOf(text: string): string[] {
  return text.split(" AND ");
}
