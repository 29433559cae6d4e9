import { describe, expect, it } from "vitest";
import { barsPath } from "../src/time/bars";
import { afterKey, between, moved, widened } from "../src/time/window";

describe("a window over ten bins", () => {
  it("goes from one bin to another in either order, and stays within", () => {
    expect(between(2.9, 5.1, 10)).toEqual({ first: 2, end: 6 });
    expect(between(5.1, 2.9, 10)).toEqual({ first: 2, end: 6 });
    expect(between(-3, 40, 10)).toEqual({ first: 0, end: 10 });
    expect(between(4, 4, 10)).toEqual({ first: 4, end: 5 });
  });

  it("keeps its width where it is moved to an end", () => {
    expect(moved({ first: 7, end: 9 }, 5, 10)).toEqual({ first: 8, end: 10 });
    expect(moved({ first: 1, end: 3 }, -5, 10)).toEqual({ first: 0, end: 2 });
  });

  it("is never empty, and never wider than the bins", () => {
    expect(widened({ first: 3, end: 4 }, -9, 10)).toEqual({ first: 3, end: 4 });
    expect(widened({ first: 3, end: 4 }, 99, 10)).toEqual({ first: 3, end: 10 });
  });

  it.each([
    ["ArrowRight", false, { first: 3, end: 5 }],
    ["ArrowLeft", false, { first: 1, end: 3 }],
    ["ArrowRight", true, { first: 2, end: 5 }],
    ["ArrowLeft", true, { first: 2, end: 3 }],
    ["PageUp", false, { first: 4, end: 6 }],
    ["End", false, { first: 8, end: 10 }],
    ["Home", false, { first: 0, end: 2 }],
    ["Tab", false, null],
    ["constructor", false, null],
  ])("follows %s, shift %s", (key, shift, after) => {
    expect(afterKey(key, shift, { first: 2, end: 4 }, 10)).toEqual(after);
  });
});

describe("bars", () => {
  it("reach the top where there are most, and are left out where there are none", () => {
    expect(barsPath([1, 0, 2])).toBe("M0.00000 1V0.50000H0.28667V1ZM0.66667 1V0.00000H0.95333V1Z");
    expect(barsPath([])).toBe("");
  });
});
