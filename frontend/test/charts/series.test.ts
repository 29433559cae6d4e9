import { describe, expect, it } from "vitest";
import { GRAINS, isFit, isWhole, parts, usual } from "../../src/charts/time/grain";
import { isBroken, isGappy, notesOf } from "../../src/charts/time/notes";
import { series, seriesBeside } from "../../src/charts/time/series";
import { Cube } from "../../src/counts/cube";
import { dayNumber, isoDay } from "../../src/counts/days";
import type { CountsDocument } from "../../src/counts/document";
import type { Finest } from "../../src/description";
import { Words } from "../../src/words";
import { DESCRIPTION, tenDays } from "../helpers/sample";

const span = (first: string, last: string) => ({ first: dayNumber(first), last: dayNumber(last) });
const iso = (days: { first: number; last: number }) => `${isoDay(days.first)}/${isoDay(days.last)}`;

/** 2024 and 2025: one row on each day, five a month that show the month only. */
function twoYears(): CountsDocument {
  const days = Array.from({ length: 731 }, () => 1);
  const coarse = Array.from({ length: 24 }, () => 5);
  const period = { first: "2024-01-01", last: "2025-12-31" };
  return { dataset: "calls", version: "1", zone: "UTC", rows: 851, period, bin: "month", bins: 24, days: { first: period.first, counts: days, coarse }, total: { counts: [], coarse } };
}

describe("days, weeks and months", () => {
  it("are cut off at the ends of a span, and weeks begin on Monday", () => {
    expect(parts(span("2026-01-30", "2026-02-10"), "week").map(iso)).toEqual(["2026-01-30/2026-02-01", "2026-02-02/2026-02-08", "2026-02-09/2026-02-10"]);
    expect(parts(span("2024-02-28", "2024-03-01"), "month").map(iso)).toEqual(["2024-02-28/2024-02-29", "2024-03-01/2024-03-01"]);
    expect(parts(span("2026-01-30", "2026-01-30"), "day").map(iso)).toEqual(["2026-01-30/2026-01-30"]);
  });

  it("are whole where both of their ends are in it", () => {
    expect(isWhole(span("2026-02-02", "2026-02-08"), "week")).toBe(true);
    expect(isWhole(span("2026-02-03", "2026-02-08"), "week")).toBe(false);
    expect(isWhole(span("2024-02-01", "2024-02-28"), "month")).toBe(false);
    expect(isWhole(span("2024-02-01", "2024-02-29"), "month")).toBe(true);
  });

  it("are chosen by the length of the span", () => {
    expect([span("2026-01-01", "2026-01-31"), span("2026-01-01", "2026-12-31"), span("2024-01-01", "2026-12-31")].map((days) => usual(days, "minute"))).toEqual(["day", "week", "month"]);
  });

  it("are no finer than what rows show", () => {
    const days = span("2026-01-01", "2026-01-31");
    expect((["date", "month", "quarter"] as const).map((finest) => usual(days, finest))).toEqual(["day", "month", "quarter"]);
    const fit = (finest: Finest) => GRAINS.filter((grain) => isFit(days, grain, finest));
    expect((["hour", "month", "quarter"] as const).map(fit)).toEqual([GRAINS, ["month", "quarter"], ["quarter"]]);
    expect(parts(span("2025-11-05", "2026-04-02"), "quarter").map(iso)).toEqual(["2025-11-05/2025-12-31", "2026-01-01/2026-03-31", "2026-04-01/2026-04-02"]);
    expect(isWhole(span("2026-01-01", "2026-03-31"), "quarter")).toBe(true);
  });
});

describe("a series", () => {
  const cube = new Cube(twoYears());

  it("has rows that show their month only in months, and leaves them out of days and weeks", () => {
    const year = span("2025-01-01", "2025-12-31");
    const months = series(cube, year, "month", "none");
    expect(months.bins.map((bin) => bin.n)).toEqual([36, 33, 36, 35, 36, 35, 36, 36, 35, 36, 35, 36]);
    expect([months.total, months.coarse]).toEqual([365 + 60, 60]);
    const quarters = series(cube, year, "quarter", "none");
    expect(quarters.bins.map((bin) => bin.n)).toEqual([105, 106, 107, 107]);
    const weeks = series(cube, year, "week", "none");
    expect([weeks.total, weeks.coarse]).toEqual([365, 60]);
  });

  it("has a month's rows of that kind where the first of it is in the span, as the CSV has", () => {
    expect(series(cube, span("2025-01-02", "2025-02-03"), "month", "none").bins.map((bin) => bin.n)).toEqual([30, 8]);
  });

  it("compares with the same days a year before, over a leap day too", () => {
    const { bins, then } = series(cube, span("2025-02-01", "2025-03-31"), "month", "year");
    expect(bins.map((bin) => bin.then && iso(bin.then))).toEqual(["2024-02-01/2024-02-28", "2024-03-01/2024-03-31"]);
    expect(then).toMatchObject({ n: 28 + 31 + 10, of: 28 + 31 + 10 });
  });

  it("compares with as many days before, and with no day that the table does not have", () => {
    const week = series(cube, span("2024-01-05", "2024-01-11"), "day", "before");
    expect(week.bins.map((bin) => bin.then?.n ?? null)).toEqual([null, null, null, 1, 1, 1, 1]);
    expect(week.then).toMatchObject({ ...span("2024-01-01", "2024-01-04"), n: 4, of: 4 });
    expect(series(cube, span("2024-01-05", "2024-01-11"), "day", "year").then).toBeNull();
  });

  it("stands beside that of another filter, first day by first day", () => {
    const { bins } = seriesBeside(cube, span("2025-01-01", "2025-01-03"), new Cube(tenDays()), span("2026-01-27", "2026-01-28"), "day");
    expect(bins.map((bin) => bin.then?.n ?? null)).toEqual([2, 3, null]);
  });

  it("of days has the counts of its own bins, which the filter has without its period otherwise", () => {
    const { total } = series(new Cube(tenDays()), span("2026-01-26", "2026-02-04"), "day", "none");
    expect(total).toBe(55);
  });
});

describe("breaks and gaps", () => {
  const text = { en: "New system.", es: "Sistema nuevo." };
  const noted = (): CountsDocument => ({
    ...twoYears(),
    breaks: [{ first: "2025-03-01", last: null, text }],
    gaps: [{ first: "2025-05-01", last: "2025-05-03", text: null }],
  });
  const drawn = (first: string, last: string) => series(new Cube(noted()), span(first, last), "day", "year");

  it("make a comparison across one no comparison of the same things", () => {
    expect(isBroken(drawn("2025-03-01", "2025-03-10"))).toBe(true);
    expect(isBroken(drawn("2025-02-01", "2025-02-28"))).toBe(false);
    expect(isGappy(drawn("2025-05-03", "2025-05-10"))).toBe(true);
    expect(isGappy(drawn("2025-05-04", "2025-05-10"))).toBe(false);
  });

  it("are said, in the reader's language where it is declared in it", () => {
    const words = new Words({ ...DESCRIPTION, words: { days: "{first} to {last}", chart_break: "{at} {day} {text}", chart_gap_unknown: "none {days}", chart_across_break: "across", chart_across_gap: "gap" } });
    expect(notesOf(drawn("2025-03-01", "2025-05-31"), words, "es-US")).toEqual(["1 Mar 1, 2025 Sistema nuevo.", "none May 1, 2025 to May 3, 2025", "across", "gap"]);
  });
});
