/** The legend: what colours mean, and which categories are shown. */
import { make, plainButton, swatch } from "../page";
import type { Words } from "../words";
import { type Choice, OTHER } from "./choice";
import type { MapDescription } from "./description";
import { shadesOf } from "./style";

interface Entry {
  readonly value: string;
  readonly title: string;
  readonly colour: string;
}

/** How a line looks that may be switched, and whether it is seen at first. */
interface Option {
  readonly colour: string;
  readonly css: string;
  readonly checked: boolean;
}

export class Legend {
  readonly element = make("div", { class: "cp-map-legend" });
  private readonly words: Words;
  private readonly scale = make("ul", { class: "cp-map-scale" });
  private readonly scaleBlock: HTMLElement;
  private readonly circles: HTMLElement;
  private readonly lines = make("ul", { class: "cp-map-lines" });

  /** With `changed`, which is called after somebody has chosen other categories, they can be chosen. */
  constructor(description: MapDescription, words: Words, choice: Choice, changed: (() => void) | null) {
    const { many } = description;
    this.words = words;
    this.scaleBlock = make("div", {}, make("h3", {}, words.say("in_a_cell", { many: capital(many) })), this.scale);
    this.circles = make("p", { hidden: true }, words.say("circles", { many }));
    this.element.append(this.scaleBlock, this.circles);
    if (description.categories.length > 0) this.element.append(categories(description, words, choice, changed));
    this.element.append(make("h3", {}, words.say("layers")), this.lines);
  }

  /** Say whether there are cells, or circles at points. */
  far(far: boolean): void {
    this.scaleBlock.hidden = !far;
    this.circles.hidden = far;
  }

  /** Show the shades of cells from `breaks` on. */
  cells(breaks: readonly number[]): void {
    const shades = shadesOf(breaks);
    const items = breaks.map((from, at) => make("li", {}, swatch(shades[at] ?? "", "square"), " ", this.range(from, breaks[at + 1])));
    this.scale.replaceChildren(...items);
  }

  /** Name a line of the map. */
  line(kind: string, text: string): void {
    this.lines.append(make("li", {}, lineOf(kind), " ", text));
  }

  /** Offer a line that is drawn for who wants it; `asked` is called with whether it is to be seen. */
  option(text: string, { colour, css, checked }: Option, asked: (wanted: boolean) => void): void {
    const box = make("input", { type: "checkbox", checked });
    box.addEventListener("change", () => asked(box.checked));
    const line = lineOf("option");
    line.style.borderTop = `2px ${css} ${colour}`;
    this.lines.append(make("li", {}, make("label", {}, box, line, make("span", {}, text))));
  }

  private range(from: number, next: number | undefined): string {
    if (next === undefined) return this.words.say("and_more", { n: from });
    return next - 1 === from ? this.words.number(from) : this.words.say("to", { a: from, b: next - 1 });
  }
}

/** Return the list of categories with their colours, as boxes to tick where they can be chosen. */
function categories(description: MapDescription, words: Words, choice: Choice, changed: (() => void) | null): HTMLElement {
  const entries: Entry[] = [...description.categories, { value: OTHER, title: words.say("other"), colour: description.other }];
  const title = words.column(description.category);
  if (!changed) {
    const items = entries.map(({ colour, title: name }) => make("li", {}, swatch(colour, "dot"), " ", name));
    return make("div", {}, make("h3", {}, title), make("ul", {}, ...items));
  }
  return new CategoryBoxes(entries, choice, changed).in(title, words.say("all"));
}

class CategoryBoxes {
  private readonly choice: Choice;
  private readonly changed: () => void;
  private readonly boxes: ReadonlyMap<Entry, HTMLInputElement>;
  private all: HTMLButtonElement | null = null;

  constructor(entries: readonly Entry[], choice: Choice, changed: () => void) {
    this.choice = choice;
    this.changed = changed;
    this.boxes = new Map(entries.map((entry) => [entry, make("input", { type: "checkbox", checked: true })]));
  }

  in(title: string, all: string): HTMLElement {
    this.all = plainButton(all, () => this.showAll(), { class: "cp-map-button", hidden: true });
    const items = [...this.boxes].map(([entry, box]) => {
      box.addEventListener("change", () => this.set(entry, box.checked));
      return make("li", {}, make("label", {}, box, swatch(entry.colour, "dot"), make("span", {}, entry.title)));
    });
    return make("fieldset", {}, make("legend", {}, title), make("ul", {}, ...items), this.all);
  }

  private set(entry: Entry, shown: boolean): void {
    this.choice.set(entry.value, shown);
    this.all?.toggleAttribute("hidden", this.choice.everything);
    this.changed();
  }

  private showAll(): void {
    for (const [entry, box] of this.boxes) {
      box.checked = true;
      this.choice.set(entry.value, true);
    }
    this.all?.toggleAttribute("hidden", true);
    [...this.boxes.values()][0]?.focus();
    this.changed();
  }
}

function lineOf(kind: string): HTMLElement {
  return make("span", { class: `cp-swatch cp-line cp-line-${kind}`, "aria-hidden": "true" });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
