/** Hours of the day and days of the week in words. */
import { dayNumber } from "../counts/days";
import { toTheHour, type Words } from "../words";

const SUNDAY = dayNumber("2026-11-29");
const DAY_HOURS = 24;

/** An hour as people read it: "10 PM", "22 h". */
export function hourInWords(hour: number, words: Words): string {
  return toTheHour(new Intl.DateTimeFormat(words.language, { hour: "numeric", timeZone: "UTC" }), new Date(Date.UTC(2026, 0, 1, hour)));
}

/** The name of a day of the week, 0 is Sunday. */
export function weekdayInWords(day: number, words: Words, length: "long" | "short" = "long"): string {
  return words.day(SUNDAY + day, { weekday: length });
}

/** The hours from one to another, both included, over midnight where the first is later. */
export function hoursBetween(first: number, last: number): number[] {
  const n = ((last - first + DAY_HOURS) % DAY_HOURS) + 1;
  return Array.from({ length: n }, (_, place) => (first + place) % DAY_HOURS);
}

/** The first and the last of hours that follow each other; null where they do not. */
export function endsOf(hours: readonly number[]): { readonly first: number; readonly last: number } | null {
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return null;
  return hoursBetween(first, last).join() === hours.join() ? { first, last } : null;
}

/** "10 PM to 5 AM", where the last hour is wholly in it. */
export function hoursInWords(hours: readonly number[], words: Words): string {
  const ends = endsOf(hours);
  if (!ends) return words.list(hours.map((hour) => hourInWords(hour, words)));
  return words.say("hours", { first: hourInWords(ends.first, words), last: hourInWords((ends.last + 1) % DAY_HOURS, words) });
}

export function weekdaysInWords(weekdays: readonly number[], words: Words): string {
  return words.list(weekdays.map((day) => weekdayInWords(day, words)));
}
