/**
 * The values of one dimension with their numbers of rows, to choose any of. In: the dimension's counts without its own
 * condition, so that each number is what choosing the value would show.
 */
import type { Slice } from "../counts/cube";
import type { Explorer, View } from "../explorer";
import { toggleValue } from "../filter/filter";
import { button, keepHeight, make } from "../page";
import type { Control } from "./control";

/** Values that a list shows before the others are asked for. */
const FIRST = 8;

interface Item {
  readonly line: HTMLElement;
  readonly box: HTMLInputElement;
  readonly number: HTMLElement;
  readonly bar: HTMLElement;
}

export class Choices implements Control {
  readonly element: HTMLDetailsElement;
  private readonly explorer: Explorer;
  private readonly name: string;
  private readonly list = make("ul", { class: "cp-ex-values" });
  private readonly title = make("summary");
  private readonly more: HTMLButtonElement;
  private readonly rest = make("p", { class: "cp-ex-rest", hidden: true });
  private readonly items = new Map<string, Item>();
  private whole = false;
  /** The counts and choices that the list has: a filter is shown as asked for, and again when its counts are there. */
  private shown: readonly unknown[] = [];

  constructor(explorer: Explorer, name: string, open: boolean) {
    this.explorer = explorer;
    this.name = name;
    this.more = button(explorer.words.say("all_values"), () => this.showAll(), { class: "cp-ex-more" });
    this.element = make("details", { class: "cp-ex-group" }, this.title, this.list, this.rest, this.more);
    this.element.open = open;
    keepHeight(this.rest);
    this.element.addEventListener("toggle", () => this.show(explorer.view));
  }

  show(view: View): void {
    const slice = view.cube?.slice(this.name, view.range);
    const chosen = view.filter.columns.get(this.name) ?? [];
    const title = view.words.column(this.name);
    this.title.textContent = chosen.length > 0 ? view.words.say("chosen", { title, n: chosen.length }) : title;
    // A brush counts what is seen.
    if (slice && this.element.open) this.fill(slice, chosen, view);
  }

  private fill(slice: Slice, chosen: readonly string[], view: View): void {
    const shown = [view.cube, view.range.first, view.range.end, chosen.join(), this.whole];
    if (shown.every((part, at) => part === this.shown[at])) return;
    this.shown = shown;
    for (const value of [...slice.values, ...chosen]) if (!this.items.has(value)) this.add(value, view);
    this.count(slice, chosen, view);
  }

  private count(slice: Slice, chosen: readonly string[], view: View): void {
    const most = Math.max(1, ...slice.counts);
    const counts = new Map(slice.values.map((value, place) => [value, slice.counts[place] ?? 0]));
    let place = 0;
    for (const [value, item] of this.items) {
      const n = counts.get(value) ?? 0;
      item.box.checked = chosen.includes(value);
      item.number.textContent = view.words.number(n);
      item.bar.style.setProperty("--share", String(n / most));
      item.line.hidden = !this.whole && place >= FIRST && !item.box.checked;
      place += 1;
    }
    this.more.hidden = this.whole || this.items.size <= FIRST;
    this.sayRest(slice, view);
  }

  /** Rows that no choice of the list has. */
  private sayRest({ other, missing }: Slice, { words }: View): void {
    const said = [other > 0 ? words.say("other_values", { n: other }) : "", missing > 0 ? words.say("without_value", { n: missing }) : ""];
    this.rest.textContent = said.filter(Boolean).join(" ");
    if (this.rest.textContent) this.rest.hidden = false; // from then on it keeps its room
  }

  private add(value: string, { words }: View): void {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => void this.toggle(value));
    const number = make("span", { class: "cp-ex-count" });
    const bar = make("span", { class: "cp-ex-share", "aria-hidden": "true" });
    const line = make("li", {}, make("label", {}, box, make("span", { class: "cp-ex-value" }, words.value(this.name, value)), number, bar));
    this.items.set(value, { line, box, number, bar });
    this.list.append(line);
  }

  private async toggle(value: string): Promise<void> {
    const { filter } = this.explorer.view;
    await this.explorer.set({ columns: toggleValue(filter, this.name, value).columns });
  }

  private showAll(): void {
    this.whole = true;
    this.show(this.explorer.view);
    this.list.querySelectorAll("input")[FIRST]?.focus();
  }
}
