/**
 * Pictures and tables of charts as files. They are `data:` addresses of links with a name: the policy of our pages has no
 * `blob:`, and nothing of a reader's choice goes to a server for it.
 */
import { make } from "../page";
import { wrap } from "./measure";
import { FONT, INK, PAPER, SOFT } from "./palette";
import { shape } from "./svg";

const WIDTH = 960;
const MARGIN = 24;
/** Width of what is drawn in a saved picture. */
export const INSIDE = WIDTH - 2 * MARGIN;
const SHARP = 2;

/** What stands around a drawing in its picture. */
export interface Caption {
  readonly title: string;
  readonly sentence: string;
  readonly notes: readonly string[];
  readonly source: string;
}

/** Return a picture that needs nothing else: a drawing with its title, its sentence, and where it is from. */
export function picture(drawing: SVGGElement, height: number, { title, sentence, notes, source }: Caption): SVGSVGElement {
  const texts = shape("g", { "font-family": FONT, "font-size": 14, fill: SOFT });
  let y = MARGIN + 20;
  const put = (text: string, attributes: Record<string, string | number> = {}): void => {
    const line = shape("text", { x: MARGIN, y, ...attributes });
    line.textContent = text;
    texts.append(line);
    y += 20;
  };
  put(title, { "font-size": 20, "font-weight": 700, fill: INK });
  y += 4;
  for (const line of wrap(sentence, INSIDE, 14)) put(line);
  drawing.setAttribute("transform", `translate(${MARGIN} ${y})`);
  y += height + 24;
  for (const note of [...notes, source]) for (const line of wrap(note, INSIDE, 14)) put(line, { "font-size": 13 });
  const size = { width: WIDTH, height: y };
  const svg = shape("svg", { ...size, viewBox: `0 0 ${WIDTH} ${y}` }, shape("rect", { ...size, fill: PAPER }), texts, drawing);
  // Shapes that wait for other numbers, and what a cursor is drawn with, are no part of a picture.
  for (const hidden of svg.querySelectorAll('[display="none"]')) hidden.remove();
  return svg;
}

/** Return an address of a picture. */
export function svgAddress(svg: SVGSVGElement): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
}

/** Return an address of the picture as pixels, twice as many as its size says. */
export async function pngAddress(svg: SVGSVGElement): Promise<string> {
  const image = new Image();
  image.src = svgAddress(svg);
  await image.decode();
  const canvas = make("canvas", { width: image.width * SHARP, height: image.height * SHARP });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

/** Return an address of a text of CSV. */
export function csvAddress(text: string): string {
  return `data:text/csv;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Have the browser save what is at an address. */
export function save(name: string, address: string): void {
  make("a", { download: name, href: address }).click();
}
