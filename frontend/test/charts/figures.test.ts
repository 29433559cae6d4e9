import { describe, expect, it } from "vitest";
import { bars, barsBeside, figure as barsFigure } from "../../src/charts/bars/bars";
import { csvOf } from "../../src/charts/figure";
import { heat, isSame, rectangle } from "../../src/charts/heat/heat";
import { classOf, marks } from "../../src/charts/scale";
import { Cube } from "../../src/counts/cube";
import type { Description } from "../../src/description";
import { EVERYTHING, toggleValue } from "../../src/filter/filter";
import { Words } from "../../src/words";
import { DESCRIPTION, fifteenMonths, tenDays } from "../helpers/sample";

const view = (description: Description = DESCRIPTION, filter = EVERYTHING) => ({ description, filter, words: new Words(description) });

describe("bars", () => {
  const cube = new Cube(tenDays());

  it("have values, further ones, and rows without one", () => {
    const counted = bars(view(DESCRIPTION, toggleValue(EVERYTHING, "kind", "O'Neil")), cube, { first: 2, end: 10 }, "kind");
    expect(counted?.bars.map(({ value, n, chosen }) => [value, n, chosen])).toEqual([
      ["Traffic", 12, false],
      ["O'Neil", 13, true],
      [null, 8, false],
      [null, 28, false],
    ]);
    expect(counted?.total).toBe(61);
  });

  it("have rows that show their month only where the first of it is in the range", () => {
    const [traffic] = tenDays().dimensions ?? [];
    const coarse = { counts: [[5, 7], [0, 1]], other: null, missing: [2, 3] };
    const both = new Cube({ ...tenDays(), dimensions: [{ ...traffic!, coarse }] });
    const n = (first: number, end: number) => bars(view(), both, { first, end }, "kind")!.bars.map((bar) => bar.n);
    expect(n(0, 10)).toEqual([17, 10, 8, 31]); // the 1st of February is in it, that of January is not
    expect(n(0, 6)).toEqual([6, 5, 4, 6]);
    expect(n(6, 7)).toEqual([8, 2, 1, 7]);
  });

  it("have rates where people are declared, and say their base", () => {
    const people = [{ name: "kind", title: "Kind", values: 2, population: { Traffic: 4000 } }];
    const rated = view({ ...DESCRIPTION, counted: people, words: { chart_rate_base: "per 1,000 of {people}", chart_bars_one: "{first}", chart_bar_rate: "{label} {rate}" } });
    const counted = bars(rated, cube, { first: 0, end: 10 }, "kind")!;
    expect(counted.bars.map((bar) => bar.rate)).toEqual([3.5, null, null, null]);
    expect(barsFigure(rated, counted, true)).toMatchObject({ sentence: "Traffic stops 3.5", notes: ["per 1,000 of 4,000"] });
  });

  it("stand beside those of another filter, whose own values are not lost", () => {
    const other = new Cube({ ...tenDays(), dimensions: [{ name: "kind", values: ["Alarm", "Traffic"], counts: [Array(10).fill(3), Array(10).fill(1)], other: null, missing: Array(10).fill(0) }] });
    const one = bars(view(), cube, cube.whole, "kind")!;
    const both = barsBeside(one, bars(view(), other, other.whole, "kind")!, { now: "A", then: "B" });
    expect(both.bars.map(({ value, n, then }) => [value, n, then])).toEqual([["Traffic", 14, 10], ["O'Neil", 14, 0], [null, 8, 0], [null, 28, 0], ["Alarm", 0, 30]]);
  });

  it("are none for a field that is not counted", () => {
    expect(bars(view(), cube, cube.whole, "team")).toBeNull();
  });
});

describe("hours and weekdays", () => {
  it("are summed by the days of the range, and rows without an hour or a day are left out and counted", () => {
    const drawn = heat(view(), new Cube(tenDays()), { first: 0, end: 10 })!;
    expect([1, 2, 3, 4, 5, 6, 0].map((day) => drawn.counts[day * 24 + 23])).toEqual([2, 2, 2, 1, 1, 1, 1]);
    expect(drawn.without).toBe(45 + 9);
    expect(heat(view(), new Cube(fifteenMonths()), { first: 0, end: 2 })).toMatchObject({ most: 334, without: 2 });
    expect(heat(view(), new Cube({ ...tenDays(), hours: undefined }), { first: 0, end: 1 })).toBeNull();
  });

  it("are asked for as a rectangle; all of them is no condition", () => {
    expect(rectangle([4, 22], [6, 20])).toEqual({ hours: [20, 21, 22], weekdays: [0, 5, 6] });
    expect(rectangle([0, 3], [6, 3])).toEqual({ hours: [3], weekdays: [] });
    expect(isSame(rectangle([0, 0], [6, 23]), { hours: [], weekdays: [] })).toBe(true);
  });
});

describe("scales", () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [97, [0, 25, 50, 75, 100]],
    [412, [0, 200, 400, 600]],
    [1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]],
  ])("of %d have round numbers", (most, wanted) => expect(marks(most)).toEqual(wanted));

  it("have a class of their own for none", () => {
    expect([0, 1, 20, 21, 100].map((n) => classOf(n, 100, 5))).toEqual([0, 1, 1, 2, 5]);
  });
});

describe("a table as a file", () => {
  it("keeps what a cell says, and has no formula", () => {
    const rows = [["=1+1", 2], ['a "b", c\n', null], ["-", -3]] as const;
    expect(csvOf({ sentence: "", notes: [], columns: ["Kind", "Calls"], rows: () => rows })).toBe('\ufeffKind,Calls\n\'=1+1,2\n"a ""b"", c\n",\n\'-,-3\n');
  });
});
