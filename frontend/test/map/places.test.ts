import type { Map as LibreMap } from "maplibre-gl";
import { describe, expect, it } from "vitest";
import { stackAround } from "../../src/map/places";
import type { Stack } from "../../src/map/stacks";

/** A map on which a degree is 100 pixels, with the outlines of places whose points are given under each point. */
function mapWith(...middles: readonly (readonly [number, number])[]): LibreMap {
  const project = ([x, y]: readonly [number, number]) => ({ x, y, dist: (other: { x: number; y: number }) => 100 * Math.hypot(x - other.x, y - other.y) });
  const queryRenderedFeatures = () => middles.map(([longitude, latitude]) => ({ properties: { longitude, latitude } }));
  return { project, queryRenderedFeatures } as unknown as LibreMap;
}

const stack = (...coordinates: [number, number]): Stack => ({ coordinates, ids: [1], values: new Map() });

describe("a click into an outline", () => {
  const [here, beside] = [stack(1.02, 1), stack(1.03, 1.04)];

  it("is one on the stack of its place, where tiles have rounded it to", () => {
    expect(stackAround(mapWith([1, 1]), [5, 5], [beside, here])).toBe(here);
  });

  it("is none on another place's stack", () => {
    expect(stackAround(mapWith([2, 2]), [5, 5], [beside, here])).toBeUndefined();
    expect(stackAround(mapWith([1, 1]), [5, 5], [])).toBeUndefined();
  });

  it("takes the place that has rows where several lie on one another", () => {
    expect(stackAround(mapWith([2, 2], [1, 1]), [5, 5], [here])).toBe(here);
  });

  it("is nowhere where no outline is drawn", () => {
    expect(stackAround(mapWith(), [5, 5], [here])).toBeUndefined();
  });
});
