/** What a page tells of the map of a table, as JSON: ckanext/cpdi/site/map/description.py makes it. */
import type { Spoken } from "../words";

/** West, south, east and north in degrees. */
export type Bounds = readonly [number, number, number, number];

/** What the ground of a map is made of; all that the search page knows. */
export interface Ground {
  readonly language: string;
  /** The whole area; null where nobody has said it. */
  readonly bounds: Bounds | null;
  /** Address of boundary, teams and other areas. */
  readonly areas: string;
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
  readonly precision: string;
  readonly category: string;
  readonly categories: readonly Category[];
  /** The colour of all other categories. */
  readonly other: string;
  /** Names of the fields of the table beside the map. */
  readonly listed: readonly string[];
}
