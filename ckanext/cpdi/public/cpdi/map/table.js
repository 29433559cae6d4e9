/** The table beside the map: the same rows in view, for who does not use the map. */

import { make } from "./page.js";
import { page, rowsIn } from "./rows.js";
import { cell, counted, fill, number } from "./words.js";

export class Table {
  /** `said` is called with a sentence on what is in view, `shown` with the feature that somebody wants on the map. */
  constructor(description, { said, shown }) {
    this.description = description;
    this.said = said;
    this.shown = shown;
    this.columns = description.listed.map((name) => description.columns.find((one) => one.name === name));
    this.caption = make("caption", {});
    this.body = make("tbody", {});
    const heads = this.columns.map((column) => make("th", { scope: "col" }, column.title));
    const last = make("th", { scope: "col" }, make("span", { class: "cp-hidden" }, description.words.show));
    const head = make("thead", {}, make("tr", {}, ...heads, last));
    this.pages = make("p", { class: "cp-map-buttons" });
    this.table = make("table", { class: "cp-table cp-map-rows" }, this.caption, head, this.body);
    this.element = make("div", { class: "cp-map-table" }, this.table, this.pages);
  }

  /** Show the first page of rows in `box` that meet `cql2`. A question that is not answered yet is dropped. */
  async ask(box, cql2) {
    this.earlier = [];
    this.total = undefined;
    await this._read((signal) => rowsIn(this.description, box, cql2, signal));
  }

  async _read(question) {
    this.asking?.abort();
    this.asking = new AbortController();
    this.element.setAttribute("aria-busy", "true");
    try {
      const answer = await question(this.asking.signal);
      this.now = question;
      this._show(answer);
    } catch (error) {
      if (error.name === "AbortError") return;
      this._fail();
    }
    this.element.setAttribute("aria-busy", "false");
  }

  _fail() {
    const { words } = this.description;
    this.table.hidden = true;
    this.pages.replaceChildren();
    this.said(words.no_rows);
  }

  _show({ features, matched = this.total, next }) {
    this.total = matched; // later pages need not say it again
    const { words, many } = this.description;
    const shown = number(features.length, this.description);
    const values = { n: shown, rows: many, many, ...(matched === undefined ? {} : counted(matched, this.description)), shown };
    const whole = features.length === (matched ?? features.length);
    this.caption.textContent = fill(whole ? words.rows : words.first_rows, values);
    this.table.hidden = !features.length;
    this.body.replaceChildren(...features.map((feature) => this._row(feature)));
    this._turns(next);
    this.said(fill(features.length ? words.in_view : words.none, values));
  }

  _row(feature) {
    const { words } = this.description;
    const cells = this.columns.map((column, at) =>
      make(at ? "td" : "th", at ? {} : { scope: "row" }, cell(feature.properties, column, this.description)),
    );
    const attributes = { type: "button", class: "cp-map-button", "aria-label": `${words.show_row}: ${cells[0].textContent}` };
    const button = make("button", { ...attributes, onclick: () => this.shown(feature) }, words.show);
    return make("tr", {}, ...cells, make("td", {}, button));
  }

  _turns(next) {
    const { words } = this.description;
    const turn = (text, disabled, act) => make("button", { type: "button", class: "cp-map-button", disabled, onclick: act }, text);
    const forward = () => {
      this.earlier.push(this.now);
      return this._read((signal) => page(next, signal));
    };
    const back = () => this._read(this.earlier.pop());
    const buttons = [turn(words.before, !this.earlier.length, back), turn(words.after, !next, forward)];
    this.pages.replaceChildren(...(next || this.earlier.length ? buttons : []));
  }
}
