/** A part of the filter bar: an element that shows the filter, and changes it. */
import type { Face } from "../explorer";

export interface Control extends Face {
  readonly element: HTMLElement;
}
