/** The choice of columns: a box to tick for each. */
import type { Description } from "../description";
import { make } from "../page";
import type { Words } from "../words";

export class Chooser {
  readonly element: HTMLElement;
  private readonly boxes: ReadonlyMap<string, HTMLInputElement>;
  private readonly summary = make("summary");
  private readonly words: Words;

  /** `chosen` is called with the names of the columns that are to be shown. */
  constructor({ columns }: Description, words: Words, chosen: (names: readonly string[]) => void) {
    this.words = words;
    this.boxes = new Map(columns.map(({ name }) => [name, make("input", { type: "checkbox" })]));
    const items = columns.map(({ name, title }) => make("li", {}, make("label", {}, this.boxes.get(name) ?? "", make("span", {}, title))));
    const list = make("ul", { class: "cp-tb-choices" }, ...items);
    list.addEventListener("change", () => chosen(this.names()));
    this.element = make("details", { class: "cp-tb-chooser" }, this.summary, list);
  }

  show(names: readonly string[]): void {
    this.summary.textContent = this.words.say("columns_of", { n: names.length, all: this.boxes.size });
    for (const [name, box] of this.boxes) {
      box.checked = names.includes(name);
      // A table has a column at least.
      box.disabled = names.length === 1 && box.checked;
    }
  }

  private names(): string[] {
    return [...this.boxes].filter(([, box]) => box.checked).map(([name]) => name);
  }
}
