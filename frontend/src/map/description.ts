/** What a page tells of the map of a table, as JSON: ckanext/cpdi/site/map/description.py makes it. */
import type { Spoken } from "../words";

/** West, south, east and north in degrees. */
export type Bounds = readonly [number, number, number, number];

/** A layer of areas: its name in the file of areas, and what people call one of them. */
export interface AreaLayer {
  readonly name: string;
  readonly title: string;
}

/** The operator's base map: a style, or a file of tiles; `attribution` is empty where those say whom to name. */
export interface BaseMap {
  readonly kind: "style" | "pmtiles";
  readonly address: string;
  readonly attribution: string;
}

/** What the ground of a map is made of; all that the search page knows. */
export interface Ground {
  readonly language: string;
  /** The whole area; null where nobody has said it. */
  readonly bounds: Bounds | null;
  /** Address of boundary, teams and other areas. */
  readonly areas: string;
  readonly layers: readonly AreaLayer[];
  readonly base: BaseMap | null;
  readonly words: Readonly<Record<string, string>>;
}

/** A category with a colour of its own; a cell has the number of its rows under `key`. */
export interface Category {
  readonly value: string;
  readonly title: string;
  readonly key: string;
  readonly colour: string;
}

export interface MapDescription extends Ground, Spoken {
  readonly dataset: string;
  readonly title: string;
  /** Addresses of tiles, with {z}, {y} and {x}, of rows, and of the areas that points stand for. */
  readonly tiles: string;
  readonly items: string;
  readonly places: string;
  /** Names of fields; `precision` and `category` are empty where the table has none. */
  readonly time: string;
  /** The field that rows without a point do not have. */
  readonly point: string;
  readonly precision: string;
  readonly category: string;
  readonly categories: readonly Category[];
  /** The colour of all other categories. */
  readonly other: string;
  /** Names of the fields of the table beside the map. */
  readonly listed: readonly string[];
}
