/** Widths of texts in drawings, without asking the page for its layout. */
import { FONT } from "./palette";

const widths = new Map<string, number>();
const KEPT = 4000;
let context: CanvasRenderingContext2D | null = null;

/** Return the width of a text in pixels. */
export function widthOf(text: string, size: number, weight = 400): number {
  const key = `${weight} ${size} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context ??= document.createElement("canvas").getContext("2d");
    if (context) context.font = `${weight} ${size}px ${FONT}`;
    width = context?.measureText(text).width ?? text.length * size * 0.6;
    if (widths.size > KEPT) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** Return a text cut to a width; what is cut is told by an ellipsis. */
export function fit(text: string, room: number, size: number, weight = 400): string {
  if (widthOf(text, size, weight) <= room) return text;
  let end = text.length;
  while (end > 1 && widthOf(`${text.slice(0, end).trimEnd()}…`, size, weight) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

/** Return the lines of a text that is broken between words. */
export function wrap(text: string, room: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, size) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
