/** The face that compares: other days or another area beside the filter's rows, in numbers and on the same charts. */
import { change } from "../charts/time/figure";
import { Panel } from "../charts/panel";
import { showsHours } from "../description";
import type { Explorer, Face, View } from "../explorer";
import { busy, make } from "../page";
import { barsBesides, heatOf, timeBeside } from "./charts";
import { Form } from "./form";
import { Comparison, type Sides } from "./state";
import { Weeks } from "./weeks";

class Compare implements Face {
  private readonly explorer: Explorer;
  private readonly comparison: Comparison;
  private readonly numbers = make("div", { class: "cp-ch-sides", "aria-live": "polite" });
  private readonly note = make("p", { class: "cp-note", hidden: true });
  private readonly grid = make("div", { class: "cp-ch-grid", hidden: true });
  private readonly form: Form;
  private panels: Face[] | null = null;
  private last: { view: View; cube: unknown; sides: Sides | null } | null = null;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.explorer = explorer;
    this.comparison = new Comparison(explorer, () => this.show(explorer.view));
    this.form = new Form(explorer, explorer.description.counted.map(({ name }) => name));
    // Its windows have rows that show their hour alone.
    const weeks = showsHours(explorer.description) ? [new Weeks(explorer)] : [];
    for (const one of weeks) explorer.add(one);
    element.replaceChildren(...weeks.map((one) => one.element), this.form.element, this.note, this.numbers, this.grid);
  }

  show(view: View): void {
    this.last = null;
    const other = this.comparison.other(view);
    this.form.show(view, other, this.comparison.days(view));
    const sides = this.sides(view);
    this.note.hidden = !other || !this.comparison.problem;
    this.note.textContent = this.comparison.problem;
    busy(this.grid, other !== null && !sides);
    if (!other) this.numbers.replaceChildren();
    this.grid.hidden = this.numbers.hidden = !other || this.comparison.problem !== "";
    if (!sides) return;
    this.write(view, sides);
    for (const panel of (this.panels ??= this.makePanels())) panel.show(view);
  }

  /** Both sides are reckoned once for all charts of a view. */
  private sides(view: View): Sides | null {
    this.last = this.last?.view === view ? this.last : { view, cube: view.cube, sides: this.comparison.sides(view) };
    return this.last.sides;
  }

  private makePanels(): Face[] {
    const { explorer } = this;
    const read = (view: View): Sides | null => this.sides(view);
    const panels = [
      new Panel(timeBeside(explorer.words, read), explorer),
      ...explorer.description.counted.map(({ name }) => new Panel(barsBesides(explorer.words, read, name), explorer)),
      new Panel(heatOf(explorer.words, read, "now"), explorer),
      new Panel(heatOf(explorer.words, read, "then"), explorer),
    ];
    this.grid.replaceChildren(...panels.map((panel) => panel.element));
    return panels;
  }

  private write({ words }: View, { other, now, then }: Sides): void {
    const [here, there] = [now.cube.rows(now.range), then.cube.rows(then.range)];
    const side = (name: string, n: number): HTMLElement => make("div", { class: "cp-ch-side" }, make("dt", {}, name), make("dd", {}, words.rows(n)));
    const difference = make("div", { class: "cp-ch-side" }, make("dt", {}, words.say(other.kind === "value" ? "compare_difference" : "chart_change")), make("dd", {}, change(words, here, there)));
    this.numbers.replaceChildren(make("dl", {}, side(now.name, here), side(then.name, there), difference));
  }
}

/** Mount the face. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Compare(element, explorer);
}
