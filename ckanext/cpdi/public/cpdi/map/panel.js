/** The row in words, beside the map: rows that lie at one point are turned over one by one. */

import { make } from "./page.js";
import { row } from "./rows.js";
import { cell, counted, fill, number } from "./words.js";

export class Panel {
  /** `left` is called when the panel closes, `turned` with the id of each row that it shows. */
  constructor(description, { left, turned }) {
    this.description = description;
    this.left = left;
    this.turned = turned;
    this.heading = make("h3", { tabindex: "-1" });
    this.body = make("div", {});
    this.buttons = make("p", { class: "cp-map-buttons" });
    const close = make("button", { type: "button", class: "cp-map-close", "aria-label": description.words.close, onclick: () => this.close() }, "×");
    this.element = make("section", { class: "cp-map-panel", hidden: true, "aria-label": description.one }, close, this.heading, this.buttons, this.body);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Show the first of the rows with these ids. */
  async show(ids) {
    this.ids = ids;
    await this._turn(0);
    this.heading.focus();
  }

  /** Say how many rows a cell has; `closer` is called by who wants to see them. */
  cell(count, closer) {
    const { words } = this.description;
    this.ids = [];
    this.element.hidden = false;
    this.heading.textContent = fill(words.cell, counted(count, this.description));
    this.body.replaceChildren();
    this.buttons.replaceChildren(this._button(words.closer, closer));
    this.heading.focus();
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.turned(null);
    this.left();
  }

  async _turn(at) {
    const { words } = this.description;
    this.at = at;
    const id = this.ids[at];
    this.turned(id);
    try {
      const feature = await row(this.description, id);
      if (this.ids[this.at] !== id) return; // somebody has turned over meanwhile
      this._say(feature.properties);
    } catch {
      this.heading.textContent = words.no_rows;
      this.body.replaceChildren();
    }
    this.element.hidden = false;
    const turns = this.ids.length > 1 ? this._turns() : [];
    this.buttons.replaceChildren(...turns);
  }

  _say(properties) {
    const { columns, category, time } = this.description;
    const said = columns.map((column) => [column, cell(properties, column, this.description)]).filter(([, text]) => text);
    const text = Object.fromEntries(said.map(([column, words]) => [column.name, words]));
    this.heading.textContent = text[category] ?? text[time] ?? "";
    const entries = said.map(([column, words]) => make("div", {}, make("dt", {}, column.title), make("dd", {}, words)));
    this.body.replaceChildren(make("dl", {}, ...entries));
  }

  _turns() {
    const { words } = this.description;
    const values = { i: number(this.at + 1, this.description), n: number(this.ids.length, this.description) };
    const last = this.ids.length - 1;
    const to = (at) => () => this._turn(at).then(() => this.heading.focus());
    return [
      this._button(words.before, to(this.at - 1), this.at === 0),
      make("span", {}, fill(words.nth, values)),
      this._button(words.after, to(this.at + 1), this.at === last),
    ];
  }

  _button(text, act, disabled = false) {
    return make("button", { type: "button", class: "cp-map-button", disabled, onclick: act }, text);
  }
}
