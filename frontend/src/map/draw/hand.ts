/**
 * What draws: mouse, finger or keys on a map. In: MapLibre's map. Out: positions that somebody points at, and what the keys
 * say. The cursor of who uses keys is the centre of the map.
 */
import type { LngLat, Map as LibreMap, MapMouseEvent, MapTouchEvent, Point, Subscription } from "maplibre-gl";
import type { Position } from "../../filter/filter";

/** How far from a corner somebody may point who means it, in pixels. */
const REACH = 9;

/** What a hand does. */
export interface Drawn {
  /** Somebody points at a position. */
  point(position: Position): void;
  /** Somebody points at a corner that is there already. */
  again(): void;
  /** Somebody drags from one position to another. */
  drag(from: Position, to: Position): void;
  /** The cursor is elsewhere. */
  moved(position: Position): void;
  back(): void;
  end(): void;
}

type Pressed = MapMouseEvent | MapTouchEvent;

export class Hand {
  private readonly map: LibreMap;
  private readonly drawn: Drawn;
  private readonly corners: () => readonly Position[];
  private readonly drags: boolean;
  private from: { readonly at: LngLat; readonly point: Point } | null = null;
  private readonly gone = new AbortController();
  private readonly heard: readonly Subscription[];

  /** `corners` are those that are there; with `drags` a shape is drawn in one movement, too. */
  constructor(map: LibreMap, corners: () => readonly Position[], drags: boolean, drawn: Drawn) {
    this.map = map;
    this.drawn = drawn;
    this.corners = corners;
    this.drags = drags;
    const { signal } = this.gone;
    map.getCanvas().addEventListener("keydown", (event) => this.press(event), { signal });
    const both = (mouse: "mousedown" | "mousemove" | "mouseup", touch: "touchstart" | "touchmove" | "touchend", act: (event: Pressed) => void) => [
      map.on(mouse, act),
      map.on(touch, act),
    ];
    this.heard = [
      map.on("click", (event) => this.point(event.lngLat)),
      map.on("move", () => this.mapMoved()),
      ...both("mousedown", "touchstart", (event) => this.down(event)),
      ...both("mousemove", "touchmove", (event) => drawn.moved(event.lngLat.toArray())),
      ...both("mouseup", "touchend", (event) => this.up(event)),
    ];
    map.doubleClickZoom.disable();
  }

  /** Let the map be as it was. */
  leave(): void {
    this.gone.abort();
    for (const one of this.heard) one.unsubscribe();
    this.map.doubleClickZoom.enable();
  }

  private down(event: Pressed): void {
    const fingers = "points" in event ? event.points.length : 1;
    this.from = this.drags && fingers === 1 ? { at: event.lngLat, point: event.point } : null;
    if (this.from) event.preventDefault(); // else the map would move along
  }

  private up(event: Pressed): void {
    const { from } = this;
    this.from = null;
    if (from && from.point.dist(event.point) > REACH) this.drawn.drag(from.at.toArray(), event.lngLat.toArray());
  }

  /** The map moves below the cursor of who uses keys. */
  private mapMoved(): void {
    if (this.map.getCanvas().matches(":focus-visible")) this.drawn.moved(this.map.getCenter().toArray());
  }

  private point(at: LngLat): void {
    if (this.isCorner(at)) this.drawn.again();
    else this.drawn.point(at.toArray());
  }

  /** Whether a position is the first or the last corner. */
  private isCorner(at: LngLat): boolean {
    const corners = this.corners();
    const there = this.map.project(at);
    return [corners[0], corners.at(-1)].some((corner) => corner && this.map.project([...corner]).dist(there) <= REACH);
  }

  private press(event: KeyboardEvent): void {
    const acts: Readonly<Record<string, () => void>> = {
      Enter: () => this.point(this.map.getCenter()),
      Backspace: () => this.drawn.back(),
      Escape: () => this.drawn.end(),
    };
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  }
}
