import { describe, expect, it } from "vitest";
import { EVERYTHING, type Filter } from "../src/filter/filter";
import { addressOf, calls, whyNoFeed } from "../src/take/calls";
import { DESCRIPTION } from "./helpers/sample";

const ORIGIN = "https://data.example";

describe("calls of the API", () => {
  const question = "team=O%27Neil&q=$(reboot)'+\"x\"&filter=hour(t)+IN+(1)";

  it("ask for the very filter at each address", () => {
    const all = calls(DESCRIPTION, "team=1", ORIGIN);
    expect(all.map((call) => call.key)).toEqual(["api_csv", "api_geoservices", "api_ogc", "api_curl", "api_python", "api_r"]);
    expect(all[0]!.text).toBe(`${ORIGIN}/data/calls.csv?team=1`);
    expect(all[1]!.text).toBe(`${ORIGIN}/arcgis/calls/0/query?outFields=*&f=json&team=1`.replace("*", "%2A"));
    for (const { text } of all) expect(text).toContain("team=1");
  });

  it("are one text to a shell and to a program, whatever was looked for", () => {
    const address = addressOf("/data/calls.csv", new URLSearchParams(question).toString(), ORIGIN);
    expect(address).not.toMatch(/['"()*! `\\]/);
    expect([...new URL(address).searchParams]).toEqual([...new URLSearchParams(question)]);
  });
});

describe("a feed of new rows", () => {
  const filter = (change: Partial<Filter>): Filter => ({ ...EVERYTHING, ...change });
  const team = new Map([["team", ["1"]]]);

  it.each([
    ["nothing", {}, "feed_area"],
    ["a category", { columns: new Map([["kind", ["Traffic"]]]) }, "feed_area"],
    ["a block", { columns: new Map([["block_address", ["100 block of King St"]]]) }, "feed_area"],
    ["a team", { columns: team }, ""],
    ["a team at night", { columns: team, hours: [23], weekdays: [0] }, ""],
    ["an area", { columns: new Map([["area.neighborhood", ["East"]]]) }, ""],
    ["a block of a team", { columns: new Map([...team, ["block_address", ["x"]]]) }, "feed_close"],
    ["a circle in a team", { columns: team, near: { at: [0, 0], metres: 500 } }, "feed_close"],
    ["a box in a team", { columns: team, box: [0, 0, 1, 1] }, "feed_close"],
    ["words in a team", { columns: team, words: "king" }, "feed_close"],
    ["what is not known in a team", { columns: team, kept: [["filter", "x"]] }, "feed_close"],
  ] as const)("of %s: %j is answered by '%s'", (_name, change, why) => {
    expect(whyNoFeed(filter(change), DESCRIPTION)).toBe(why);
  });
});
