import { describe, expect, test } from "vitest";
import { Scroll, TALLEST } from "../../src/table/scroll";

const ROW = 38;
const ROOM = 400;

describe("few rows", () => {
  const scroll = new Scroll(100, ROW, ROOM);
  test("a pixel is a pixel", () => {
    expect(scroll.height).toBe(3800);
    expect(scroll.moved(1000)).toBe(1000);
    expect(scroll.range(0)).toEqual({ first: 26, end: 37 });
    expect(scroll.topOf(26)).toBe(26 * ROW);
  });
  test("fewer rows than fit are all there", () => {
    expect(new Scroll(3, ROW, ROOM).range(10)).toEqual({ first: 0, end: 3 });
  });
});

describe("a million rows", () => {
  const rows = 1_000_000;

  test("both ends are reached", () => {
    const scroll = new Scroll(rows, ROW, ROOM);
    expect(scroll.height).toBe(TALLEST);
    scroll.moved(TALLEST - ROOM);
    expect(scroll.range(0).end).toBe(rows);
    scroll.moved(0);
    expect(scroll.range(0).first).toBe(0);
    expect(scroll.topOf(0)).toBe(0);
  });

  test("a small movement goes on row by row, wherever it begins", () => {
    const scroll = new Scroll(rows, ROW, ROOM);
    let top = scroll.to(500_000);
    const { first } = scroll.range(0);
    for (let step = 1; step <= 50; step += 1) {
      top = scroll.moved(top + ROW);
      expect(scroll.range(0).first).toBe(first + step);
    }
  });

  test.each([-300, 300])("small movements of %d reach the end, through each row", (step) => {
    const scroll = new Scroll(rows, ROW, ROOM);
    let top = scroll.to(step > 0 ? rows - 3000 : 3000);
    let seen = scroll.range(0);
    for (let at = 0; at < 1000; at += 1) {
      top = scroll.moved(Math.min(Math.max(top + step, 0), TALLEST - ROOM));
      const next = scroll.range(0);
      expect(Math.abs(next.first - seen.first)).toBeLessThanOrEqual(9);
      seen = next;
    }
    expect(step > 0 ? seen.end : seen.first).toBe(step > 0 ? rows : 0);
  });

  test.each([0, 1, 5_000, 500_000, 999_990, 999_999])("row %d is in sight where somebody goes to it, and rows have their room", (row) => {
    const scroll = new Scroll(rows, ROW, ROOM);
    const top = scroll.to(row);
    const { first, end } = scroll.range(10);
    expect(first).toBeLessThanOrEqual(row);
    expect(end).toBeGreaterThan(row);
    expect(scroll.topOf(first)).toBeGreaterThanOrEqual(0);
    expect(scroll.topOf(row) - top).toBeGreaterThanOrEqual(0);
    expect(scroll.topOf(row) - top).toBeLessThan(ROOM);
    expect(scroll.topOf(end)).toBeLessThanOrEqual(scroll.height + 1e-6);
  });
});
