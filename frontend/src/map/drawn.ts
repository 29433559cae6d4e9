/**
 * The rows of a question as the map draws them: cells when far, stacks of points when near. In: a map with its ground, a
 * question, a choice of categories. Out: layers of the map, and what lies at a point of it.
 */
import type { GeoJSONSource, Map as LibreMap, PointLike } from "maplibre-gl";
import type { Choice } from "./choice";
import type { MapDescription } from "./description";
import { ABOVE_ROWS } from "./draw/layers";
import { stackAround } from "./places";
import { asGeoJSON, type Stack, stack } from "./stacks";
import { breaksOf, restyle, rowLayers } from "./style";
import { CAPPED, POINTS, POINTS_FROM, SOURCE, Tiles } from "./tiles";

/** How far from a point a finger or a mouse may be, in pixels. */
const REACH = 6;
const CELL_LAYERS = ["cells", "cell-points"];
export const ROW_LAYERS = ["stacks", ...CELL_LAYERS];

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Heard {
  /** Cells have these shades. */
  shaded(breaks: readonly number[]): void;
  /** A tile in view has so many rows of so many; 0 where each has all of its rows. */
  capped(shown: number, total: number): void;
}

/** Whether the map has cells, and no points. */
export function isFar(map: LibreMap): boolean {
  return map.getZoom() < POINTS_FROM;
}

export class DrawnRows {
  /** The question whose rows the map has, or is about to have. */
  question = "";
  private readonly description: MapDescription;
  private readonly choice: Choice;
  private readonly heard: Heard;
  private tiles: Tiles | null = null;
  /** Gives up the tiles that are fetched for a question when there is another one. */
  private asking = new AbortController();
  private breaks: readonly number[] = [1];
  private stacks: readonly Stack[] = [];
  private piled = "";
  private marked: number | null = null;

  constructor(description: MapDescription, choice: Choice, heard: Heard) {
    this.description = description;
    this.choice = choice;
    this.heard = heard;
  }

  /** Draw the rows of a question below names and shapes. */
  put(map: LibreMap, question: string): void {
    this.question = question;
    this.tiles = new Tiles(this.description, question);
    map.addSource(SOURCE, this.tiles.source);
    for (const layer of rowLayers(this.description, this.choice, this.breaks)) map.addLayer(layer, ABOVE_ROWS);
    map.on("sourcedata", ({ sourceId }) => {
      if (sourceId === SOURCE && map.isSourceLoaded(SOURCE)) this.fit(map); // before they are drawn, so that they are drawn once
    });
  }

  /** Draw those of another question, `before` which something else is to be done. */
  async change(map: LibreMap, question: string, before: Promise<unknown>): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    if (await this.tiles?.change(map, question, before, signal)) this.question = question;
  }

  /** Others of the categories. */
  choose(map: LibreMap): void {
    restyle(map, this.choice, this.breaks);
    if (!isFar(map)) this.pile(map);
  }

  /** Stack the points in view, or let the shades of cells fit it; return whether they do already. */
  fit(map: LibreMap): boolean {
    if (!isFar(map)) return this.pile(map);
    this.heard.capped(0, 0);
    return this.shade(map);
  }

  /** Return the stack whose dot or outline lies at a point. */
  stackAt(map: LibreMap, { x, y }: Point): Stack | undefined {
    const box: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    const [nearest] = map.queryRenderedFeatures(box, { layers: ["stacks"] });
    return nearest ? this.stacks[Number(nearest.id)] : stackAround(map, [x, y], this.stacks);
  }

  /** Return how many rows the cell at a point has; null where there is none. */
  countAt(map: LibreMap, { x, y }: Point): number | null {
    const [cell] = map.queryRenderedFeatures([x, y], { layers: CELL_LAYERS });
    return cell ? this.choice.counted(cell.properties) : null;
  }

  /** Mark the stack of the row `id`; null marks none. */
  mark(map: LibreMap, id: number | null): void {
    this.marked = id;
    map.removeFeatureState({ source: "stacks" });
    const at = id === null ? -1 : this.stacks.findIndex((one) => one.ids.includes(id));
    if (at >= 0) map.setFeatureState({ source: "stacks", id: at }, { chosen: true });
  }

  private pile(map: LibreMap): boolean {
    const features = map.querySourceFeatures(SOURCE, { sourceLayer: POINTS });
    const stacks = stack(features, this.description.category, (value) => this.choice.shows(value));
    const [capped] = map.querySourceFeatures(SOURCE, { sourceLayer: CAPPED });
    const { shown = 0, total = 0 } = (capped?.properties ?? {}) as { shown?: number; total?: number };
    this.heard.capped(shown, total);
    const key = stacks.map((one) => `${one.coordinates.join()}:${one.ids.length}`).join();
    if (key === this.piled) return true; // else each change would make the map idle again, for ever
    this.piled = key;
    this.stacks = stacks;
    void map.getSource<GeoJSONSource>("stacks")?.setData(asGeoJSON(stacks));
    this.mark(map, this.marked);
    return false;
  }

  private shade(map: LibreMap): boolean {
    const cells = map.queryRenderedFeatures({ layers: CELL_LAYERS });
    const largest = cells.reduce((most, one) => Math.max(most, this.choice.counted(one.properties)), 1);
    const breaks = breaksOf(largest);
    this.heard.shaded(cells.length > 0 ? breaks : this.breaks);
    if (cells.length === 0 || breaks.join() === this.breaks.join()) return true;
    this.breaks = breaks;
    restyle(map, this.choice, breaks);
    return false;
  }
}
