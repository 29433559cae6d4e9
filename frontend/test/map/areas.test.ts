import { describe, expect, it } from "vitest";
import { areaLines, areaNames, atFirst, lookOf, readShown, writeShown } from "../../src/map/areas";

const layer = (name: string) => ({ name, title: name.toUpperCase() });
const LAYERS = ["boundary", "team", "neighborhood", "ward"].map(layer);

describe("layers of areas", () => {
  it("are drawn each in its own way, the boundary above all, and named but for the boundary", () => {
    expect(areaLines(LAYERS).map((one) => one.id)).toEqual(["areas-ward", "areas-neighborhood", "areas-team", "areas-boundary"]);
    expect(areaNames(LAYERS, ["sans"]).map((one) => one.id)).toEqual(["area-names-team", "area-names-neighborhood", "area-names-ward"]);
    expect(new Set(LAYERS.map(({ name }) => lookOf(LAYERS, name).colour)).size).toBe(4);
    expect(lookOf(LAYERS, "boundary").css).toBe("solid");
  });

  it.each([
    ["", ["boundary", "team"], ""],
    ["boundary,team", ["boundary", "team"], ""],
    ["ward,team,elsewhere", ["team", "ward"], "team,ward"],
    ["none", [], "none"],
  ])("of the address %j are %j", (text, names, again) => {
    const shown = readShown(text, LAYERS);
    expect([...shown]).toEqual(names);
    expect(writeShown(shown, LAYERS)).toBe(again);
  });

  it("begin with areas where there are no teams", () => {
    expect(atFirst([layer("boundary"), layer("ward")])).toEqual(["boundary", "ward"]);
    expect(atFirst([layer("boundary")])).toEqual(["boundary"]);
  });
});
