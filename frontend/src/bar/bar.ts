/** The filter bar. In: the form that works without scripts. Out: controls in its place, each a module beside this one. */
import { showsDays, showsHours } from "../description";
import type { Explorer, Face, View } from "../explorer";
import { make } from "../page";
import { Active, conditions } from "./active";
import { Address } from "./address";
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

/** Return what this table can be narrowed by, in the order of the bar. */
function controlsOf(explorer: Explorer): Control[] {
  const { description } = explorer;
  const { precision, placed, counted, services } = description;
  return [
    new Active(explorer),
    new Period(explorer),
    ...(services.places ? [new Address(explorer)] : []),
    ...(placed ? [new Place(explorer)] : []),
    ...counted.map(({ name }, place) => new Choices(explorer, name, place < OPEN)),
    ...(precision && showsHours(description) ? [new Hours(explorer)] : []),
    ...(precision && showsDays(description) ? [new Weekdays(explorer)] : []),
    new Search(explorer),
  ];
}

class Bar implements Face {
  private readonly controls: Control[];
  private readonly title: HTMLElement;

  constructor(element: HTMLElement, explorer: Explorer) {
    const { words } = explorer;
    this.controls = controlsOf(explorer);
    this.title = make("summary", {}, words.say("filter"));
    const details = make("details", { class: "cp-ex-filter" }, this.title);
    details.append(...this.controls.map((control) => control.element));
    const wide = matchMedia(WIDE);
    details.open = wide.matches;
    wide.addEventListener("change", () => (details.open = wide.matches));
    element.replaceChildren(details);
  }

  show(view: View): void {
    for (const control of this.controls) control.show(view);
    const n = conditions(view).length;
    this.title.textContent = n > 0 ? view.words.say("filter_n", { n }) : view.words.say("filter");
    // On a phone the numbers are below the bar: who chooses sees what comes of it.
    if (view.cube && view.state === "there") this.title.append(make("span", { class: "cp-ex-so-many" }, view.words.rows(view.cube.rows(view.range))));
  }
}

/** Mount the filter bar in the place of the plain form. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Bar(element, explorer);
}
