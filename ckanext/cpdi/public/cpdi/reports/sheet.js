/** Draws one page of a PDF: a canvas, the text above it that can be selected and read aloud, and marks. */

import * as pdfjs from "../vendor/pdfjs-dist/pdf.min.mjs";
import { boxes, matches } from "./hits.js";

const VENDOR = new URL("../vendor/pdfjs-dist/", import.meta.url).href;
pdfjs.GlobalWorkerOptions.workerSrc = `${VENDOR}pdf.worker.min.mjs`;

/** Most dots of a canvas: a phone has no memory for more. */
const DOTS = 2 ** 24;

/** Open the PDF at `url`; nothing in it is run, and nothing is loaded but what lies beside the scripts. */
export function open(url) {
  return pdfjs.getDocument({
    url,
    standardFontDataUrl: VENDOR,
    wasmUrl: VENDOR,
    useWasm: false, // the page's policy runs no WebAssembly
    enableXfa: false,
    isEvalSupported: false,
  }).promise;
}

/** Return the width of a page in CSS pixels at scale 1. */
export function widthOf(page) {
  return page.getViewport({ scale: 1 }).width;
}

/** Draw `page` into `sheet` at `scale`, with `wordings` marked; give the marks in the order of the text. */
export async function draw(sheet, page, scale, wordings, signal) {
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  const text = document.createElement("div");
  text.className = "cp-sheet-text";
  const dense = Math.min(window.devicePixelRatio || 1, Math.sqrt(DOTS / (viewport.width * viewport.height)));
  canvas.width = Math.floor(viewport.width * dense);
  canvas.height = Math.floor(viewport.height * dense);
  canvas.setAttribute("aria-hidden", "true");
  const task = page.render({
    canvas,
    viewport,
    transform: dense === 1 ? undefined : [dense, 0, 0, dense, 0, 0],
    annotationMode: pdfjs.AnnotationMode.DISABLE,
  });
  signal.addEventListener("abort", () => task.cancel());
  const layer = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
  await Promise.all([task.promise, layer.render()]);
  if (signal.aborted) return [];
  sheet.style.width = `${viewport.width}px`;
  sheet.style.height = `${viewport.height}px`;
  sheet.style.setProperty("--total-scale-factor", scale);
  sheet.replaceChildren(canvas, text);
  return mark(sheet, text, wordings);
}

function mark(sheet, text, wordings) {
  const marks = matches(text, wordings).map((range) => {
    const group = document.createElement("div");
    group.className = "cp-sheet-hit";
    group.setAttribute("aria-hidden", "true");
    for (const box of boxes(range, sheet)) {
      const area = document.createElement("div");
      for (const side of ["left", "top", "width", "height"]) area.style[side] = `${box[side]}%`;
      group.append(area);
    }
    return group;
  });
  sheet.append(...marks);
  return marks;
}
