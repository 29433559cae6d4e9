/** The filter bar. In: the form that works without scripts. Out: controls in its place, each a module beside this one. */
import { AREA, type Description } from "../description";
import type { Explorer, Face, View } from "../explorer";
import { make } from "../page";
import { Active, conditions } from "./active";
import { Choices } from "./choices";
import type { Control } from "./control";
import { Hours } from "./hours";
import { Period } from "./period";
import { Place } from "./place";
import { Search } from "./search";
import { Weekdays } from "./weekdays";

/** Lists that are open at first; others say how many of their values are chosen. */
const OPEN = 2;
/** From this width on the bar stands beside the faces, and is open. */
const WIDE = "(min-width: 64rem)";

/** Return the dimensions in the order in which people look for them: what, where, the others, how exact rows are. */
export function inOrder(names: readonly string[], { category, team, precision, close, columns }: Description): string[] {
  const booleans = columns.filter((column) => column.type === "boolean").map((column) => column.name);
  const place = (name: string): number => {
    if (name === category) return 0;
    if (name === team || name.startsWith(AREA)) return 1;
    return name === precision || [...close, ...booleans].includes(name) ? 3 : 2;
  };
  return [...names].sort((one, other) => place(one) - place(other));
}

class Bar implements Face {
  private readonly explorer: Explorer;
  private readonly controls: Control[];
  private readonly lists = make("div");
  private readonly listed = new Map<string, Control>();
  private readonly title: HTMLElement;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.explorer = explorer;
    const { words, description } = explorer;
    const hours = description.precision ? [new Hours(explorer), new Weekdays(explorer)] : [];
    const place = description.placed ? [new Place(explorer)] : [];
    const above = [new Active(explorer), new Period(explorer), ...place];
    const below = [...hours, new Search(explorer)];
    this.controls = [...above, ...below];
    this.title = make("summary", {}, words.say("filter"));
    const details = make("details", { class: "cp-ex-filter" }, this.title);
    details.append(...above.map((one) => one.element), this.lists, ...below.map((one) => one.element));
    const wide = matchMedia(WIDE);
    details.open = wide.matches;
    wide.addEventListener("change", () => (details.open = wide.matches));
    element.replaceChildren(details);
  }

  show(view: View): void {
    for (const name of inOrder(view.cube?.names ?? [], view.description)) if (!this.listed.has(name)) this.list(name);
    for (const control of [...this.controls, ...this.listed.values()]) control.show(view);
    const n = conditions(view).length;
    this.title.textContent = n > 0 ? view.words.say("filter_n", { n }) : view.words.say("filter");
  }

  private list(name: string): void {
    const choices = new Choices(this.explorer, name, this.listed.size < OPEN);
    this.listed.set(name, choices);
    this.lists.append(choices.element);
  }
}

/** Mount the filter bar in the place of the plain form. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Bar(element, explorer);
}
