/** Days of the department's calendar as whole numbers, so that no zone of the reader comes in. */

const DAY = 86_400_000;

/** Days since 1970 of an ISO day such as `2026-11-28`. */
export function dayNumber(iso: string): number {
  return Math.floor(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY);
}

/** Whether a text is a day that the calendar has: 29 February of some years, and no 31 February. */
export function isDay(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? dayNumber(text) : NaN;
  return Number.isFinite(day) && isoDay(day) === text;
}

/** The ISO day of a number of days since 1970. */
export function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** 0 on Sunday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Months since the year 0 of a day. */
export function monthNumber(day: number): number {
  const at = new Date(day * DAY);
  return at.getUTCFullYear() * 12 + at.getUTCMonth();
}

/** The first day of a month, counted as `monthNumber` does. */
export function firstOfMonth(month: number): number {
  return Math.floor(Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY);
}

/** The same day of another year; the 29th of February becomes the 28th where there is none. */
export function yearsLater(day: number, years: number): number {
  const at = new Date(day * DAY);
  const month = (at.getUTCFullYear() + years) * 12 + at.getUTCMonth();
  return Math.min(firstOfMonth(month) + at.getUTCDate() - 1, firstOfMonth(month + 1) - 1);
}
