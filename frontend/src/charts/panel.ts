/**
 * A chart on the page: its title, a sentence, the drawing, notes, the table behind it, and files of it. In: views. A brush
 * changes the drawing and the sentence; tables and labels follow when it rests.
 */
import type { Explorer, Face, View } from "../explorer";
import { busy, keepHeight, make } from "../page";
import type { Chart, Hand, Plot } from "./chart";
import { csvOf, type Figure } from "./figure";
import { csvAddress, INSIDE, picture, pngAddress, save, svgAddress } from "./save";
import { change, say, shape } from "./svg";
import { BackTable } from "./table";

/** Milliseconds without a movement after which a brush rests. */
export const REST = 150;
/** Pixels, before the page has a layout. */
const WIDTH = 560;

let made = 0;

export class Panel<Model, Drawing extends Plot<Model>> implements Face {
  readonly element: HTMLElement;
  private readonly svg = shape("svg", { class: "cp-ch-svg" });
  private readonly says = make("p", { class: "cp-ch-says" });
  private readonly notes = make("ul", { class: "cp-ch-notes" });
  private readonly reading = make("p", { class: "cp-ch-read", "aria-hidden": "true" });
  private readonly chart: Chart<Model, Drawing>;
  private readonly explorer: Explorer;
  private readonly plot: Drawing;
  private readonly hand: Hand<Model>;
  private readonly table: BackTable;
  private width = WIDTH;
  private view: View | null = null;
  private drawn: View | null = null;
  private model: Model | null = null;
  private timer = 0;

  constructor(chart: Chart<Model, Drawing>, explorer: Explorer) {
    this.chart = chart;
    this.explorer = explorer;
    this.plot = chart.plot();
    this.svg.append(this.plot.element);
    this.table = new BackTable(chart.title, explorer.words, () => this.settle());
    const box = make("div", { class: "cp-ch-box" }, this.svg);
    this.element = this.frame(box);
    const { svg, plot } = this;
    this.hand = chart.hand({ explorer, svg, box, plot, title: chart.title, model: () => this.model, read: (text) => say(this.reading, text || chart.hint) });
    say(this.reading, chart.hint);
    change(this.svg, { height: chart.height(this.width, null) });
    // Drawn to its width before its height is kept: observers are called in the order they were made.
    new ResizeObserver(([entry]) => this.resize(entry?.contentRect.width ?? WIDTH)).observe(box);
    for (const one of [box, this.says, this.notes]) keepHeight(one);
  }

  show(view: View): void {
    this.view = view;
    busy(this.element, view.state === "asked");
    if (!this.isDrawn(view)) this.draw();
  }

  /** Whether the drawing is of this view already, or is to be of one whose counts are on their way. */
  private isDrawn(view: View): boolean {
    const { drawn, chart: { looks } } = this;
    if (!drawn || !looks || drawn.cube !== view.cube || drawn.range !== view.range) return false;
    return view.state === "asked" || (drawn.filter === view.filter && looks.every((name) => drawn.looks.get(name) === view.looks.get(name)));
  }

  private frame(box: HTMLElement): HTMLElement {
    const { chart, explorer } = this;
    const id = `cp-ch-${made++}`;
    const head = make("div", { class: "cp-ch-head" }, make("h3", { id }, chart.title), ...(chart.controls ?? []));
    const button = (form: string, act: () => unknown): HTMLElement => {
      const one = make("button", { type: "button", class: "cp-ch-save", "aria-label": explorer.words.say("chart_save", { title: chart.title, form }) }, form);
      one.addEventListener("click", () => void act());
      return one;
    };
    const files = make("p", { class: "cp-ch-files" }, button("PNG", () => this.savePicture(true)), button("SVG", () => this.savePicture(false)), button("CSV", () => this.saveTable()));
    const name = chart.wide ? "cp-ch cp-ch-wide" : "cp-ch";
    return make("div", { role: "group", class: name, "aria-labelledby": id, "data-chart": chart.name }, head, this.says, box, ...(chart.hint ? [this.reading] : []), this.notes, make("div", { class: "cp-ch-foot" }, this.table.element, files));
  }

  private resize(width: number): void {
    if (Math.abs(width - this.width) < 1 || width < 1) return;
    this.width = width;
    change(this.svg, { height: this.chart.height(width, this.model) });
    this.draw();
  }

  private draw(): void {
    const { view, chart } = this;
    if (!view?.cube || view.state === "failed") return;
    this.drawn = view;
    this.model = chart.model(view, view.cube);
    this.element.hidden = this.model === null;
    if (this.model === null) return;
    const [width, height] = [this.width, chart.height(this.width, this.model)];
    change(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` }); // paper has another width: there it is scaled
    this.plot.draw(this.model, this.width);
    const figure = chart.figure(view, this.model);
    say(this.says, figure.sentence);
    this.write(figure.notes);
    this.hand.drawn(this.model, false);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.settle(), REST);
  }

  private settle(): void {
    if (this.model === null || !this.view) return;
    this.hand.drawn(this.model, true);
    this.table.fill(() => this.figure());
  }

  private figure(): Figure {
    return this.model === null || !this.view ? { sentence: "", notes: [], columns: [], rows: () => [] } : this.chart.figure(this.view, this.model);
  }

  private write(notes: readonly string[]): void {
    while (this.notes.children.length > notes.length) this.notes.lastChild?.remove();
    while (this.notes.children.length < notes.length) this.notes.append(make("li"));
    notes.forEach((note, at) => say(this.notes.children[at]!, note));
  }

  private async savePicture(pixels: boolean): Promise<void> {
    if (this.model === null) return;
    const plot = this.chart.plot();
    plot.draw(this.model, INSIDE);
    const { sentence, notes } = this.figure();
    const svg = picture(plot.element, this.chart.height(INSIDE, this.model), { title: this.chart.title, sentence, notes, source: this.source() });
    save(this.fileName(pixels ? "png" : "svg"), pixels ? await pngAddress(svg) : svgAddress(svg));
  }

  private saveTable(): void {
    save(this.fileName("csv"), csvAddress(csvOf(this.figure())));
  }

  /** Where the numbers are from: the table, its days, its version, the address. */
  private source(): string {
    const { description, words } = this.explorer;
    const [cube, range] = [this.view?.cube, this.view?.range];
    if (!cube || !range) return "";
    const { from, to } = cube.daysOf(range);
    const question = this.explorer.questionWith({ from, to });
    return words.say("chart_source", { title: description.title, version: cube.document.version, address: `${location.origin}${description.page}?${question}` });
  }

  private fileName(extension: string): string {
    const { description, view } = this.explorer;
    const days = view.cube ? view.cube.daysOf(view.range) : { from: "", to: "" };
    return [description.dataset, this.chart.name, days.from, days.to].filter(Boolean).join("_").replaceAll(/[^\w.-]+/g, "-").concat(".", extension);
  }
}
