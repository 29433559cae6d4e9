import { describe, expect, it } from "vitest";
import { changeTo, daysOf, part, rangeIn, readOther, writeOther } from "../../src/compare/other";
import { Cube } from "../../src/counts/cube";
import { dayNumber, isoDay } from "../../src/counts/days";
import { chooseValues, EVERYTHING } from "../../src/filter/filter";
import { tenDays } from "../helpers/sample";

const span = (first: string, last: string) => ({ first: dayNumber(first), last: dayNumber(last) });
const iso = (days: { first: number; last: number }) => `${isoDay(days.first)}/${isoDay(days.last)}`;
const isColumn = (name: string) => name === "team";
const other = (text: string) => readOther(text, isColumn)!;

describe("what is compared with", () => {
  it.each(["year", "before", "2025-01-01/2025-02-01", "team:Team 2", "team:a:b"])("is read from the address as it was written: %s", (text) => {
    expect(writeOther(other(text))).toBe(text);
  });

  it.each(["", "yesterday", "kind:x", ":x", "2025-01-01", "2025-13-45/2025-14-46", "2025-02-28/2025-02-29", "2025-01-01/2025-01-02/2025-01-03"])("is nothing where it is none: %s", (text) => {
    expect(readOther(text, isColumn)).toBeNull();
  });

  it("has its days in order", () => {
    expect(writeOther(other("2025-02-01/2025-01-01"))).toBe("2025-01-01/2025-02-01");
  });

  it("asks for other days, or for one value in place of those that are asked for", () => {
    const march = span("2026-03-01", "2026-03-31");
    expect(changeTo(other("before"), EVERYTHING, march)).toEqual({ from: "2026-01-29", to: "2026-02-28" });
    expect(changeTo(other("year"), EVERYTHING, march)).toEqual({ from: "2025-03-01", to: "2025-03-31" });
    const { columns } = changeTo(other("team:Team 2"), chooseValues(EVERYTHING, "team", ["Team 1"]), march);
    expect([...columns!]).toEqual([["team", ["Team 2"]]]);
  });

  it("goes along with a brush: from its first day on, and to its last where the brush reaches the end", () => {
    const month = span("2026-03-01", "2026-03-31");
    expect(iso(part(other("before"), month, span("2026-03-03", "2026-03-05")))).toBe("2026-01-31/2026-02-02");
    expect(iso(part(other("2025-06-01/2025-06-10"), month, span("2026-03-05", "2026-03-31")))).toBe("2025-06-05/2025-06-10");
    expect(iso(part(other("year"), span("2024-02-01", "2024-03-31"), span("2024-02-29", "2024-03-01")))).toBe("2023-02-28/2023-03-01");
    expect(daysOf(other("team:Team 2"), month)).toBe(month);
  });

  it("has no bins where its days are beyond the counts", () => {
    const cube = new Cube(tenDays());
    expect(rangeIn(cube, span("2026-02-01", "2026-02-02"))).toEqual({ first: 6, end: 8 });
    expect(rangeIn(cube, span("2020-01-01", "2020-02-01"))).toEqual({ first: 0, end: 0 });
    expect(rangeIn(cube, span("2026-02-05", "2026-02-09"))).toEqual({ first: 0, end: 0 });
  });
});
