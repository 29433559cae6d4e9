import type { StyleSpecification } from "maplibre-gl";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ofStyle } from "../../src/map/base/base";
import { vectorLayers } from "../../src/map/base/looks";

const STYLE = "https://tiles.example.gov/streets/style.json";

beforeEach(() => vi.stubGlobal("location", { origin: "https://data.example.gov" }));
afterEach(() => vi.unstubAllGlobals());

function style(sources: StyleSpecification["sources"]): StyleSpecification {
  const layers: StyleSpecification["layers"] = [
    { id: "land", type: "background" },
    { id: "areas", type: "line", source: "streets", "source-layer": "roads" },
  ];
  return { version: 8, sources, layers, sprite: "../sprite", glyphs: "{fontstack}/{range}.pbf" };
}

describe("a style below the map", () => {
  it("has ids of its own, addresses seen from where it lies, and no fonts", () => {
    const base = ofStyle(style({ streets: { type: "vector", tiles: ["{z}/{x}/{y}.pbf"] }, hills: { type: "raster-dem", url: "/hills.json" } }), STYLE);
    expect(base.sources).toEqual({
      "base-streets": { type: "vector", tiles: ["https://tiles.example.gov/streets/{z}/{x}/{y}.pbf"] },
      "base-hills": { type: "raster-dem", url: "https://tiles.example.gov/hills.json" },
    });
    expect(base.layers.map((one) => [one.id, "source" in one ? one.source : ""])).toEqual([["base-land", ""], ["base-areas", "base-streets"]]);
    expect(base.sprite).toBe("https://tiles.example.gov/sprite");
    expect(base).not.toHaveProperty("glyphs");
  });

  it("is none where it names a third site, and may name ours", () => {
    expect(() => ofStyle(style({ a: { type: "raster", tiles: ["https://elsewhere.example/{z}"] } }), STYLE)).toThrow("https://elsewhere.example");
    expect(ofStyle(style({ a: { type: "geojson", data: "https://data.example.gov/data/areas.geojson" } }), STYLE).sources).toHaveProperty("base-a");
  });
});

describe("vector tiles of a file", () => {
  it.each([
    [["earth", "landuse", "water", "roads", "buildings", "places", "pois"]],
    [["landcover", "park", "water", "waterway", "building", "transportation", "transportation_name", "place"]],
    [["ocean", "water_polygons", "streets", "street_labels", "buildings", "place_labels"]],
  ])("draw land, water, streets, buildings and names of %j", (names) => {
    const ids = vectorLayers(names, "es-US").map((one) => one.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const part of [/water|ocean/, /road|street|transportation/, /building/, /place.*names/]) expect(ids.some((id) => part.test(id))).toBe(true);
    expect(JSON.stringify(vectorLayers(names, "es-US"))).toContain("name:es");
  });
});
