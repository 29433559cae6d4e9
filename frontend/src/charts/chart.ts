/** What a chart is made of. A panel (`panel.ts`) puts them together; a further chart is a further object. */
import type { Cube } from "../counts/cube";
import type { Explorer, View } from "../explorer";
import type { Figure } from "./figure";

/** A drawing of a model; it is drawn again into the same shapes. */
export interface Plot<Model> {
  readonly element: SVGGElement;
  draw(model: Model, width: number): void;
}

/** What readers do with a drawing. */
export interface Hand<Model> {
  /** Called after the drawing was drawn; `settled` when no brush is under way: labels for screen readers can wait. */
  drawn(model: Model, settled: boolean): void;
}

/** Where a drawing is on the page. */
export interface Stage<Model, Drawing extends Plot<Model>> {
  readonly explorer: Explorer;
  readonly svg: SVGSVGElement;
  /** The box around the drawing. */
  readonly box: HTMLElement;
  readonly plot: Drawing;
  readonly title: string;
  readonly model: () => Model | null;
  /** Say what a reader points at; empty for the hint. */
  readonly read: (text: string) => void;
}

export interface Chart<Model, Drawing extends Plot<Model> = Plot<Model>> {
  /** For names of files. */
  readonly name: string;
  readonly title: string;
  /** How the drawing is used, in a sentence; empty where nothing is read off it. */
  readonly hint: string;
  /** Above the drawing: how it is drawn. */
  readonly controls?: readonly HTMLElement[];
  /** Parameters of the address that the model is made of, beside filter, counts and range; without a list it is made of more, and of each view anew. */
  readonly looks?: readonly string[];
  /** Takes all of the width. */
  readonly wide?: boolean;
  /** Return what is drawn; null where the table has nothing to draw. */
  model(view: View, cube: Cube): Model | null;
  figure(view: View, model: Model): Figure;
  /** Return the height at a width in pixels; it is the same in each brush, so that nothing moves. */
  height(width: number, model: Model | null): number;
  plot(): Drawing;
  hand(stage: Stage<Model, Drawing>): Hand<Model>;
}
