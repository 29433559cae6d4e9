/** The legend: what colours mean, and which categories are shown. */

import { OTHER } from "./choice.js";
import { make, swatch } from "./page.js";
import { shadesOf } from "./style.js";
import { fill, number } from "./words.js";

export class Legend {
  /** `changed` is called after somebody has chosen other categories. */
  constructor(description, choice, changed) {
    this.description = description;
    this.element = make("div", { class: "cp-map-legend" });
    this.scale = make("ul", { class: "cp-map-scale" });
    this.scaleBlock = make("div", {}, make("h3", {}, fill(description.words.in_a_cell, { many: capital(description.many) })), this.scale);
    this.circles = make("p", { hidden: true }, fill(description.words.circles, { many: description.many }));
    this.element.append(this.scaleBlock, this.circles);
    if (description.categories.length) this.element.append(this._categories(choice, changed));
    this.lines = make("ul", { class: "cp-map-lines" });
    this.element.append(this.lines);
  }

  /** Say whether there are cells, or circles at points. */
  far(far) {
    this.scaleBlock.hidden = !far;
    this.circles.hidden = far;
  }

  /** Show the shades of cells from `breaks` on. */
  cells(breaks) {
    const shades = shadesOf(breaks);
    const items = breaks.map((from, at) => make("li", {}, swatch(shades[at], "square"), " ", this._range(from, breaks[at + 1])));
    this.scale.replaceChildren(...items);
  }

  /** Name a line of the map. */
  line(kind, text) {
    this.lines.append(make("li", {}, make("span", { class: `cp-swatch cp-line cp-line-${kind}`, "aria-hidden": "true" }), " ", text));
  }

  /** Offer something that is drawn only for who asks; `asked` is called with whether it is to be seen. */
  option(kind, text, asked) {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => asked(box.checked));
    const line = make("span", { class: `cp-swatch cp-line cp-line-${kind}`, "aria-hidden": "true" });
    this.lines.append(make("li", {}, make("label", {}, box, line, make("span", {}, text))));
  }

  _range(from, next) {
    const { words } = this.description;
    if (next === undefined) return fill(words.and_more, { n: number(from, this.description) });
    if (next - 1 === from) return number(from, this.description);
    return fill(words.to, { a: number(from, this.description), b: number(next - 1, this.description) });
  }

  _categories(choice, changed) {
    const { description } = this;
    const boxes = [];
    const title = description.columns.find((one) => one.name === description.category)?.title ?? "";
    const entries = [...description.categories, { value: OTHER, title: description.words.other, colour: description.other }];
    const list = make("ul", {});
    for (const entry of entries) {
      const box = make("input", { type: "checkbox", checked: true });
      box.addEventListener("change", () => {
        choice.set(entry.value, box.checked);
        all.hidden = choice.everything;
        changed();
      });
      boxes.push(box);
      list.append(make("li", {}, make("label", {}, box, swatch(entry.colour, "dot"), make("span", {}, entry.title))));
    }
    const all = make("button", { type: "button", class: "cp-map-button", hidden: true }, description.words.all);
    all.addEventListener("click", () => {
      boxes.forEach((box, at) => {
        box.checked = true;
        choice.set(entries[at].value, true);
      });
      all.hidden = true;
      boxes[0].focus();
      changed();
    });
    return make("fieldset", {}, make("legend", {}, title), list, all);
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
