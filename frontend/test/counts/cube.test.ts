import { describe, expect, it } from "vitest";
import { Cube } from "../../src/counts/cube";
import { dayNumber, isoDay, weekday, yearsLater } from "../../src/counts/days";
import { fifteenMonths, tenDays } from "../helpers/sample";

const sum = (counts: Iterable<number>) => [...counts].reduce((all, one) => all + one, 0);

describe("days", () => {
  it("are numbers that no zone and no clock change touches", () => {
    expect(isoDay(dayNumber("2026-03-08") + 1)).toBe("2026-03-09");
    expect(isoDay(dayNumber("1969-12-31"))).toBe("1969-12-31");
    expect([weekday(dayNumber("2026-11-29")), weekday(dayNumber("1969-12-31"))]).toEqual([0, 3]);
    expect(isoDay(yearsLater(dayNumber("2024-02-29"), -1))).toBe("2023-02-28");
    expect(isoDay(yearsLater(dayNumber("2026-11-28"), -1))).toBe("2025-11-28");
  });
});

describe("a cube of days", () => {
  const cube = new Cube(tenDays());

  it("has the sums of any range as counting gives them", () => {
    const { counts, other, missing } = tenDays().dimensions![0]!;
    for (let first = 0; first <= 10; first++) {
      for (let end = first; end <= 10; end++) {
        const slice = cube.slice("kind", { first, end })!;
        const months = first <= 6 && end > 6 ? [4, 5] : [0, 0]; // those that show February only
        expect([...slice.counts]).toEqual(counts.map((row, place) => sum(row.slice(first, end)) + months[place]!));
        expect(slice.other).toBe(sum(other!.slice(first, end)));
        expect(slice.missing).toBe(sum(missing.slice(first, end)));
      }
    }
  });

  it("counts rows on no map, those that show their month only among them", () => {
    expect(cube.unplaced(cube.whole)).toEqual({ rows: 10, inTeam: 1 });
    expect(cube.unplaced({ first: 0, end: 3 })).toEqual({ rows: 2, inTeam: 1 });
    expect(new Cube({ ...tenDays(), unplaced: null }).unplaced(cube.whole)).toEqual({ rows: 0, inTeam: 0 });
  });

  it("counts rows that show their month where the first of it lies", () => {
    expect(cube.rows(cube.whole)).toBe(55 + 9);
    expect(cube.coarse({ first: 0, end: 6 })).toBe(0);
    expect(cube.coarse({ first: 6, end: 7 })).toBe(9); // the 1st of February is the seventh day
    expect(cube.rows({ first: 7, end: 10 })).toBe(27);
  });

  it("gives the days of a range to a link, and finds the range of days", () => {
    expect(cube.daysOf({ first: 6, end: 8 })).toEqual({ from: "2026-02-01", to: "2026-02-02" });
    expect(cube.rangeOf(dayNumber("2026-02-01"), dayNumber("2026-02-02"))).toEqual({ first: 6, end: 8 });
    expect(cube.rangeOf(dayNumber("2020-01-01"), dayNumber("2030-01-01"))).toEqual(cube.whole);
    expect(cube.rangeOf(dayNumber("2030-01-01"), dayNumber("2030-02-01"))).toEqual({ first: 10, end: 10 });
  });

  it("has the week's hours, Sunday first, and rows without an hour apart", () => {
    const week = cube.week(cube.whole)!;
    expect(sum(week)).toBe(10);
    expect([0, 1, 2, 3, 4, 5, 6].map((day) => week[day * 24 + 23])).toEqual([1, 2, 2, 2, 1, 1, 1]);
    expect(sum(cube.week({ first: 6, end: 7 })!.subarray(0, 24))).toBe(1); // a Sunday
    expect(cube.withoutHour({ first: 8, end: 10 })).toBe(17);
  });

  it("counts days of the table beyond the period, and none beyond the table", () => {
    expect(cube.onDays(dayNumber("2025-01-26"), dayNumber("2025-02-04"))).toBe(10);
    expect(cube.onDays(dayNumber("2024-12-30"), dayNumber("2025-01-02"))).toBe(2);
    expect(cube.span.first).toBe(dayNumber("2025-01-01"));
  });

  it("knows the breaks and gaps that touch some days", () => {
    const note = (first: string, last: string | null) => ({ first, last, text: null });
    const noted = new Cube({ ...tenDays(), breaks: [note("2026-01-30", null)], gaps: [note("2026-01-01", "2026-01-05")] });
    const on = (first: string, last: string) => noted.notes(dayNumber(first), dayNumber(last)).map((one) => one.first);
    expect(on("2026-01-30", "2026-02-04")).toEqual(["2026-01-30"]);
    expect(on("2026-01-05", "2026-01-29")).toEqual(["2026-01-01"]);
    expect(on("2026-01-06", "2026-01-29")).toEqual([]);
  });

  it("has no counts of what the service does not count", () => {
    expect(cube.slice("team", cube.whole)).toBeNull();
    expect(new Cube({ ...tenDays(), hours: undefined }).week(cube.whole)).toBeNull();
  });
});

describe("a cube of months", () => {
  const cube = new Cube(fifteenMonths());

  it("has rows that show their month in its bins, and not twice", () => {
    expect(cube.rows({ first: 0, end: 3 })).toBe(3);
    expect(cube.coarse({ first: 1, end: 3 })).toBe(2);
  });

  it("begins and ends with the period", () => {
    expect(cube.daysOf(cube.whole)).toEqual({ from: "2024-01-10", to: "2025-03-15" });
    expect(cube.daysOf({ first: 1, end: 2 })).toEqual({ from: "2024-02-01", to: "2024-02-29" });
  });

  it("has the week's hours of the service", () => {
    expect(cube.week({ first: 0, end: 2 })![167]).toBe(334);
    expect(cube.withoutHour(cube.whole)).toBe(15);
  });
});

describe("a table without rows", () => {
  it("has none in any range", () => {
    const empty = new Cube({ ...tenDays(), rows: 0, period: null, bins: 0, days: null, total: undefined, dimensions: undefined });
    expect(empty.rows(empty.whole)).toBe(0);
    expect(empty.slice("kind", empty.whole)).toBeNull();
    expect(empty.onDays(0, 30000)).toBe(0);
  });
});
