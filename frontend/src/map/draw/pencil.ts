/**
 * A shape that is being drawn, corner by corner. In: positions where somebody points. Out: a part of the filter once it is
 * whole, or what is wrong with it; and the sketch until then.
 */
import type { FeatureCollection, Geometry } from "geojson";
import type { Filter, Position } from "../../filter/filter";
import { METRES, rounded } from "../../filter/near";
import { boxOf, boxRing, circle, EMPTY, type Fault, faultOf, snapped } from "./shapes";

export const TOOLS = ["box", "polygon", "near"] as const;
export type Tool = (typeof TOOLS)[number];

/** What came of a step: a further corner, a whole shape, a fault, or nothing. */
export type Step = { readonly corner: Position } | { readonly whole: Partial<Filter> } | { readonly fault: Fault } | null;

export class Pencil {
  readonly tool: Tool;
  private readonly set: Position[] = [];

  constructor(tool: Tool) {
    this.tool = tool;
  }

  get corners(): readonly Position[] {
    return this.set;
  }

  /** Point at a position on a map of `zoom`; a corner is as fine as its pixels. */
  point(position: Position, zoom: number): Step {
    if (this.tool === "near") return { whole: { near: { at: rounded(position), metres: METRES } } };
    const corner = snapped(position, zoom);
    const [first] = this.set;
    if (this.tool === "box" && first) {
      const box = boxOf(first, corner);
      return box && { whole: { box } };
    }
    this.set.push(corner);
    return { corner };
  }

  /** Join the last corner to the first. */
  close(): Step {
    if (this.tool !== "polygon") return null;
    const fault = faultOf(this.set);
    return fault ? { fault } : { whole: { polygon: [...this.set] } };
  }

  /** Take the last corner back; return whether there was one. */
  back(): boolean {
    return this.set.pop() !== undefined;
  }

  /** Return what is drawn so far, with the next corner at `cursor`. */
  sketch(cursor: Position): FeatureCollection {
    const corners = this.set.map((coordinates): Geometry => ({ type: "Point", coordinates: [...coordinates] }));
    const drawn = [...this.open(cursor), ...corners];
    return { ...EMPTY, features: drawn.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
  }

  private open(cursor: Position): Geometry[] {
    if (this.tool === "near") return [circle({ at: rounded(cursor), metres: METRES })];
    const [first] = this.set;
    if (!first) return [];
    const box = this.tool === "box" && boxOf(first, cursor);
    if (box) return [boxRing(box)];
    const line = [...this.set, cursor, ...(this.set.length > 1 ? [first] : [])];
    return [{ type: "LineString", coordinates: line.map((corner) => [...corner]) }];
  }
}
