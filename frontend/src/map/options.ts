/** What whoever shows a map of a table says of it: which rows, what is chosen where, who hears of what. */
import type { Geometry } from "geojson";
import type { Shown } from "./lines";
import type { Near } from "./panel";

/** Layers of who has not chosen. */
export const UNCHOSEN: Shown = { text: "", changed: () => undefined };

/** What a table's map may be given beside its description. */
export interface Options {
  /** GeoJSON of what the dataset says of itself. */
  readonly extent?: Geometry | null;
  /** The rows that are shown, as a link asks for them; all of them without. */
  readonly question?: string;
  /** Whether categories are chosen in the legend; else the question is what chooses. */
  readonly chooses?: boolean;
  /** What is offered with a place: rows near it. */
  readonly near?: Near | null;
  /** Called where tiles or rows did not come. */
  readonly failed?: (error: unknown) => void;
  /** Which layers of areas are shown; without, those of who has not chosen. */
  readonly layers?: Shown;
}
