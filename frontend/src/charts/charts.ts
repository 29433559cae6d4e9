/**
 * The face of charts: time, hours, and a chart for each field that is counted. Each follows the view; where the browser
 * does not lay them out, since they are out of sight, after what is in sight was drawn, and when a brush rests.
 */
import type { Explorer, Face, View } from "../explorer";
import { framed, make } from "../page";
import { barsChart } from "./bars/chart";
import { heatChart } from "./heat/chart";
import { Panel, REST } from "./panel";
import { timeChart } from "./time/chart";

class Charts implements Face {
  private readonly explorer: Explorer;
  private readonly grid = make("div", { class: "cp-ch-grid" });
  private readonly panels: Face[] = [];
  private readonly fields = new Set<string>();
  private skipped = false;
  private view: View | null = null;
  private waiting = 0;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.explorer = explorer;
    this.add(new Panel(timeChart(explorer), explorer));
    this.add(new Panel(heatChart(explorer), explorer));
    for (const { name, values } of explorer.description.counted) this.addField(name, values);
    // A table that is counted by nothing has no bars to press.
    const hint = this.fields.size > 0 ? [make("p", {}, explorer.words.say("chart_hint"))] : [];
    element.replaceChildren(...hint, this.grid);
    element.closest("section")?.addEventListener("contentvisibilityautostatechange", (event) => {
      this.skipped = (event as Event & { readonly skipped: boolean }).skipped;
      if (!this.skipped && this.waiting && this.view) this.draw(this.view);
    });
  }

  show(view: View): void {
    const isBrush = view.cube === this.view?.cube;
    this.view = view;
    if (!this.skipped || view.state === "asked") this.draw(view);
    else this.later(isBrush ? REST : 0);
  }

  private later(rest: number): void {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => void framed().then(() => this.view && this.draw(this.view)), rest);
  }

  private draw(view: View): void {
    window.clearTimeout(this.waiting);
    this.waiting = 0;
    for (const { name, values } of view.cube?.document.dimensions ?? []) if (!this.fields.has(name)) this.addField(name, values.length);
    for (const panel of this.panels) panel.show(view);
  }

  private addField(name: string, values: number): void {
    this.fields.add(name);
    this.add(new Panel(barsChart(this.explorer, name, values), this.explorer));
  }

  private add(panel: Face & { readonly element: HTMLElement }): void {
    this.panels.push(panel);
    this.grid.append(panel.element);
  }
}

/** Mount the face of charts. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Charts(element, explorer);
}
