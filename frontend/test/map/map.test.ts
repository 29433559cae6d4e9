import { describe, expect, it } from "vitest";
import { Choice, OTHER } from "../../src/map/choice";
import { asGeoJSON, stack } from "../../src/map/stacks";
import { breaksOf, shadesOf } from "../../src/map/style";
import { TABLE } from "../helpers/table";

describe("a choice of categories", () => {
  it.each([
    [[], "", 10, ["Alarm", "O'Neil", "Traffic"]],
    [["Alarm"], '("kind" NOT IN (\'Alarm\') OR "kind" IS NULL)', 6, ["O'Neil", "Traffic"]],
    [["Alarm", "O'Neil"], "(\"kind\" NOT IN ('Alarm', 'O''Neil') OR \"kind\" IS NULL)", 5, ["Traffic"]],
    [[OTHER], "\"kind\" IN ('Alarm', 'O''Neil')", 5, ["Alarm", "O'Neil"]],
    [["Alarm", OTHER], "\"kind\" IN ('O''Neil')", 1, ["O'Neil"]],
    [["Alarm", "O'Neil", OTHER], "\"kind\" IN ('')", 0, []],
  ])("without %j is the same for cells and rows", (hidden, cql2, counted, shown) => {
    const choice = new Choice(TABLE);
    for (const one of hidden) choice.set(one, false);
    expect(choice.cql2()).toBe(cql2);
    expect(choice.counted({ count: 10, n_alarm: 4, n_o_neil: 1 })).toBe(counted);
    expect(["Alarm", "O'Neil", "Traffic"].filter((one) => choice.shows(one))).toEqual(shown);
  });
});

describe("shades of cells", () => {
  it.each([
    [0, [1]],
    [1, [1]],
    [4, [1, 2]],
    [3000, [1, 5, 20, 100, 500]],
    [2_000_000, [1, 20, 200, 5000, 100_000]],
  ])("change at round numbers from one up to %i", (largest, breaks) => {
    expect(breaksOf(largest)).toEqual(breaks);
    expect(shadesOf(breaks)).toHaveLength(breaks.length);
    expect(shadesOf(breaks).at(-1)).toBe("#08306b");
  });
});

describe("points on one another", () => {
  const feature = (id: number, coordinates: number[], kind: string) => ({ id, geometry: { type: "Point" as const, coordinates }, properties: { kind } });

  it("are one circle of all their rows", () => {
    const features = [
      feature(1, [1.000001, 2], "Alarm"), feature(2, [1, 2], "Traffic"), feature(3, [1, 2], "Traffic"),
      feature(3, [1, 2], "Traffic"), // one row in two tiles
      feature(4, [5, 6], "Alarm"), feature(5, [5, 6], "hidden"),
    ];
    const all = stack(features, "kind", (value) => value !== "hidden");
    expect(all.map((one) => one.ids)).toEqual([[3, 2, 1], [4]]);
    expect(asGeoJSON(all).features.map((one) => one.properties)).toEqual([
      { count: 3, label: "3", category: "Traffic" },
      { count: 1, label: "", category: "Alarm" },
    ]);
  });
});
