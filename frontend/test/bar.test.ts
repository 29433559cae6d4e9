import { describe, expect, it } from "vitest";
import { conditions } from "../src/bar/active";
import { liesIn, waysTo } from "../src/bar/address";
import { rounded } from "../src/filter/near";
import { endsOf, hoursBetween, hoursInWords } from "../src/bar/times";
import type { View } from "../src/explorer";
import { changeFilter, EVERYTHING } from "../src/filter/filter";
import { Words } from "../src/words";
import { DESCRIPTION } from "./helpers/sample";

const words = new Words({ ...DESCRIPTION, words: { ...DESCRIPTION.words, hours: "{first} to {last}" } });

describe("conditions that the bar has no control for", () => {
  const view = (kept: readonly (readonly [string, string])[]): View => ({ filter: { ...EVERYTHING, kept }, words: new Words({ ...DESCRIPTION, words: { is_empty: "{column}: empty", is_filled: "{column}: not empty" } }) }) as View;
  const said = (name: string, value: string): string | undefined => conditions(view([[name, value]]))[0]?.text;

  it("are said with the column's title", () => {
    expect(said("kind__lte", "10")).toBe("Kind ≤ 10");
    expect(said("kind__empty", "No")).toBe("Kind: not empty");
    expect(said("kind__empty", "yes")).toBe("Kind: empty");
  });

  it("stand as they are written where they have no words", () => {
    expect(said("kind__constructor", "1")).toBe("kind__constructor = 1");
    expect(said("filter", "a = 1")).toBe("filter = a = 1");
  });
});

describe("hours", () => {
  it("go over midnight", () => {
    expect(hoursBetween(22, 1)).toEqual([22, 23, 0, 1]);
    expect(hoursBetween(5, 4)).toHaveLength(24);
    expect(endsOf([22, 23, 0, 1])).toEqual({ first: 22, last: 1 });
    expect([endsOf([]), endsOf([1, 3]), endsOf([2, 1])]).toEqual([null, null, null]);
  });

  it("are said with the hour that they end at", () => {
    expect(hoursInWords([22, 23, 0, 1], words).replaceAll("\u202f", " ")).toBe("10 PM to 2 AM");
    expect(hoursInWords([1, 3], words).replaceAll("\u202f", " ")).toBe("1 AM and 3 AM");
  });
});

describe("where somebody is", () => {
  it("leaves the browser on a grid of 100 m alone", () => {
    const spots = [[-79.93101, 32.77649], [-79.93127, 32.77612], [-79.9309, 32.7768]] as const;
    const METRES = 111_320;
    for (const spot of spots) {
      const [east, north] = rounded(spot);
      expect(Math.abs(north - spot[1]) * METRES).toBeLessThan(51);
      expect(Math.abs(east - spot[0]) * METRES * Math.cos((north * Math.PI) / 180)).toBeLessThan(51);
      expect(rounded([east, north])).toEqual([east, north]);
    }
    expect(new Set([[-79.9312, 32.7765], [-79.93117, 32.77652]].map((spot) => rounded(spot as [number, number]).join())).size).toBe(1);
  });
});

describe("what the portal finds for an address", () => {
  const found = {
    match: "block",
    label: "100 block of O'Neil St",
    team: "Team 2",
    point: [-79.93101, 32.77649],
    areas: { neighborhood: "East" },
  } as const;

  it("is offered as circle, block, team and areas", () => {
    const all = waysTo(found, EVERYTHING, { ...DESCRIPTION, block: "block_address" });
    expect(all.map((way) => way.key)).toEqual(["near_block", "this_block", "of_area", "of_area"]);
    const filters = all.map((way) => changeFilter(EVERYTHING, way.change));
    expect(filters[0]!.near).toEqual({ at: rounded(found.point), metres: 500 });
    expect(filters[1]!.columns.get("block_address")).toEqual(["100 block of O'Neil St"]);
    expect(filters[2]!.columns.get("team")).toEqual(["Team 2"]);
    expect(filters[3]!.columns.get("area.neighborhood")).toEqual(["East"]);
  });

  it("is said with its team and areas, whether or not rows are counted by them", () => {
    expect(liesIn(found, DESCRIPTION, words)).toEqual(["Team: Team 2", "Neighborhood: East"]);
    expect(liesIn({ ...found, team: null, areas: {} }, DESCRIPTION, words)).toEqual([]);
  });

  it("is offered as what there is of it", () => {
    const bare = { ...found, point: null, team: "", areas: {} };
    expect(waysTo(bare, EVERYTHING, { ...DESCRIPTION, block: "" })).toEqual([]);
  });
});

describe("what is asked for", () => {
  it("is left out condition by condition until nothing is", () => {
    let filter = changeFilter(
      {
        ...EVERYTHING,
        from: "2026-01-01",
        words: "king",
        columns: new Map([["kind", ["Traffic"]], ["area.neighborhood", ["East"]]]),
        hours: [1],
        weekdays: [2],
        kept: [["datetime", "../2026-03-01"], ["team__empty", "yes"]],
      },
      { near: { at: [-79.9, 32.7], metres: 500 } },
    );
    const view = () => conditions({ filter, words } as View);
    expect(view().map((one) => one.text).slice(1, 3)).toEqual(["Kind: Traffic stops", "Neighborhood: East"]);
    for (let left = 9; left > 0; left--) {
      const all = view();
      expect(all).toHaveLength(left);
      filter = changeFilter(filter, all[0]!.without);
    }
    expect(filter).toEqual(EVERYTHING);
  });
});
