/** The rows that are seen, between two rooms that keep the place of all others. */
import { make, plainButton } from "../page";
import { cell, type Table } from "../rows/cell";
import type { RowFeature } from "../rows/service";
import type { Words } from "../words";
import { kindOf } from "./head";
import type { Look } from "./look";

interface Heard {
  /** Somebody wants the link to a row. */
  linked(id: number): void;
}

export class Rows {
  readonly elements: readonly HTMLElement[];
  private readonly above = make("td");
  private readonly below = make("td");
  private readonly body = make("tbody");
  private readonly table: Table;
  private readonly words: Words;
  private readonly heard: Heard;
  private stop = 0;

  constructor(table: Table, words: Words, heard: Heard) {
    this.table = table;
    this.words = words;
    this.heard = heard;
    const room = (of: HTMLElement): HTMLElement => make("tbody", { "aria-hidden": "true", class: "cp-tb-room" }, make("tr", {}, of));
    this.elements = [room(this.above), this.body, room(this.below)];
    this.body.addEventListener("keydown", (event) => this.press(event));
  }

  /**
   * Show rows from the number `first` on, `top` pixels below the head, with `under` pixels behind them; undefined ones are on
   * their way. All rows are one stop of Tab, which else would never leave them: that of the focus, or `seen`, the first in sight.
   */
  show(rows: readonly (RowFeature | undefined)[], { first, seen }: { readonly first: number; readonly seen: number }, top: number, under: number, look: Look): void {
    const focused = this.focused();
    this.stop = focused ?? seen;
    const columns = String(look.columns.length);
    for (const [room, height] of [[this.above, top], [this.below, under]] as const) {
      room.setAttribute("colspan", columns);
      room.style.height = `${height}px`;
      (room.closest("tbody") as HTMLElement).hidden = height <= 0;
    }
    this.body.replaceChildren(...rows.map((row, at) => this.row(row, first + at, look)));
    if (focused !== null) this.focus(focused);
  }

  /** Put the focus on the row with a number, if it is seen. */
  focus(number: number): void {
    this.body.querySelector<HTMLElement>(`[data-number="${number}"]`)?.focus({ preventScroll: true });
  }

  private focused(): number | null {
    const { activeElement } = document;
    const number = activeElement instanceof HTMLElement && this.body.contains(activeElement) ? activeElement.dataset["number"] : undefined;
    return number === undefined ? null : Number(number);
  }

  /** The head of the table is row 1. */
  private row(feature: RowFeature | undefined, number: number, { columns, row }: Look): HTMLElement {
    const element = make("tr", { "aria-rowindex": number + 2 });
    if (feature && Number(feature.id) === row) element.setAttribute("aria-current", "true");
    element.append(...columns.map((column, at) => {
      const text = feature ? cell(feature.properties, column, this.table, this.words) : "…";
      const kind = `cp-tb-${kindOf(column)}`;
      return at === 0 ? make("th", { scope: "row", class: kind }, this.link(feature, number, text)) : make("td", { class: kind, title: text }, make("span", {}, text));
    }));
    return element;
  }

  private link(feature: RowFeature | undefined, number: number, text: string): HTMLElement | string {
    if (!feature) return text;
    const label = `${text || this.words.say("empty")}. ${this.words.say("link_row")}`;
    return plainButton(text || "–", () => this.heard.linked(Number(feature.id)), { class: "cp-tb-link", tabindex: number === this.stop ? 0 : -1, "data-number": number, "aria-label": label, title: this.words.say("link_row") });
  }

  private press(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.focused();
    if (step === undefined || at === null) return;
    event.preventDefault();
    const [here, next] = [at, at + step].map((number) => this.body.querySelector<HTMLElement>(`[data-number="${number}"]`));
    if (!here || !next) return;
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
