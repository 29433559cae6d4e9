import { describe, expect, it } from "vitest";
import type { Position } from "../../src/filter/filter";
import { Pencil } from "../../src/map/draw/pencil";
import { boxOf, circle, drawnBy, EMPTY, faultOf, MOST_CORNERS, snapped } from "../../src/map/draw/shapes";

describe("corners", () => {
  it.each([
    [18, [-79.93755, 32.78512]],
    [14, [-79.93755, 32.78512]],
    [12, [-79.9376, 32.7851]],
    [8, [-79.938, 32.785]],
    [0, [-79.9, 32.8]],
  ])("are as fine as a pixel at zoom %i", (zoom, corner) => {
    expect(snapped([-79.9375512, 32.7851234], zoom)).toEqual(corner);
  });

  it("stay on the world", () => {
    expect(snapped([-190.5, 91], 12)).toEqual([-180, 90]);
  });
});

describe("what is wrong with a shape", () => {
  const many = Array.from({ length: MOST_CORNERS + 1 }, (_, at): Position => [Math.cos(at / 40), Math.sin(at / 40)]);
  const square: Position[] = [[0, 0], [2, 0], [2, 2], [0, 2]];
  it.each<[string, readonly Position[], string | null]>([
    ["a square", square, null],
    ["a square the other way round", [...square].reverse(), null],
    ["a corner on a straight side", [[0, 0], [1, 0], [2, 0], [2, 2]], null],
    ["an L", [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]], null],
    ["two corners", [[0, 0], [1, 1]], "few"],
    ["a bow tie", [[0, 0], [2, 2], [2, 0], [0, 2]], "crossed"],
    ["a corner on another side", [[0, 0], [2, 0], [2, 2], [1, 0]], "crossed"],
    ["a side that runs back", [[0, 0], [2, 0], [1, 0], [1, 2]], "crossed"],
    ["three corners on a line", [[0, 0], [1, 1], [2, 2]], "crossed"],
    ["a corner twice", [[0, 0], [2, 0], [1, 1], [2, 2], [0, 2], [1, 1]], "crossed"],
    ["more corners than a link should have", many, "many"],
  ])("%s", (_name, corners, fault) => {
    expect(faultOf(corners)).toBe(fault);
  });
});

describe("a pencil", () => {
  const ZOOM = 14;

  it("draws a box from two corners in any order, and none without width", () => {
    const pencil = new Pencil("box");
    expect(pencil.point([2, 3], ZOOM)).toEqual({ corner: [2, 3] });
    expect(pencil.close()).toBeNull();
    expect(pencil.point([2, 5], ZOOM)).toBeNull();
    expect(pencil.point([1, 5], ZOOM)).toEqual({ whole: { box: [1, 3, 2, 5] } });
    expect(boxOf([1, 1], [1, 2])).toBeNull();
  });

  it("draws a shape corner by corner, takes corners back, and says what is wrong", () => {
    const pencil = new Pencil("polygon");
    expect(pencil.back()).toBe(false);
    for (const corner of [[0, 0], [2, 2], [2, 0], [0, 2]] as const) pencil.point(corner, ZOOM);
    expect(pencil.close()).toEqual({ fault: "crossed" });
    expect([pencil.back(), pencil.corners.length]).toEqual([true, 3]);
    expect(pencil.close()).toEqual({ whole: { polygon: [[0, 0], [2, 2], [2, 0]] } });
  });

  it("takes a place on the grid of 100 m, at once", () => {
    const step = new Pencil("near").point([-79.9375512, 32.7851234], 18);
    expect(step).toEqual({ whole: { near: { at: [-79.93768, 32.78476], metres: 500 } } });
  });

  it("shows what it would draw", () => {
    const pencil = new Pencil("polygon");
    pencil.point([0, 0], ZOOM);
    pencil.point([1, 0], ZOOM);
    const [line, ...corners] = pencil.sketch([1, 1]).features.map((one) => one.geometry);
    expect(line).toEqual({ type: "LineString", coordinates: [[0, 0], [1, 0], [1, 1], [0, 0]] });
    expect(corners).toHaveLength(2);
    expect(new Pencil("box").sketch([1, 1]).features).toEqual([]);
  });
});

describe("what a filter draws", () => {
  it("is its polygon, box or circle, or nothing", () => {
    const nothing = { polygon: null, box: null, near: null };
    expect(drawnBy(nothing)).toBe(EMPTY);
    expect(drawnBy({ ...nothing, box: [0, 0, 1, 2] })).toEqual({ type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 2], [0, 2], [0, 0]]] });
    expect(drawnBy({ ...nothing, polygon: [[0, 0], [1, 0], [1, 2]] })).toMatchObject({ coordinates: [[[0, 0], [1, 0], [1, 2], [0, 0]]] });
  });

  it("has circles that are as wide as they are high, in metres", () => {
    const [ring = []] = circle({ at: [-80, 60], metres: 500 }).coordinates;
    const wide = Math.max(...ring.map(([x = 0]) => x + 80));
    const high = Math.max(...ring.map(([, y = 0]) => y - 60));
    expect(wide / high).toBeCloseTo(2, 6);
    expect(high * 111_320).toBeCloseTo(500, 6);
  });
});
