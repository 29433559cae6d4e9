/** The row in words, beside the map: rows that lie at one point are turned over one by one. */
import type { Position as Corner } from "geojson";
import type { Position } from "../filter/filter";
import { METRES } from "../filter/near";
import { make, plainButton } from "../page";
import { cell, type Row } from "../rows/cell";
import type { Words } from "../words";
import type { MapDescription } from "./description";
import { rowOf } from "./rows";

const BUTTON = { class: "cp-map-button" };

interface Heard {
  /** The panel was closed. */
  left(): void;
  /** Another row is shown; null: none. */
  turned(id: number | null): void;
}

/** Called with a position by who wants the rows near it. */
export type Near = (at: Position) => void;

export class Panel {
  readonly element: HTMLElement;
  private readonly description: MapDescription;
  private readonly words: Words;
  private readonly heard: Heard;
  private readonly near: Near | null;
  private readonly heading = make("h3", { tabindex: "-1" });
  private readonly body = make("div");
  private readonly buttons = make("p", { class: "cp-map-buttons" });
  private ids: readonly number[] = [];
  private at = 0;
  private place: Corner | undefined;

  /** With `near`, rows near the place that is shown are offered. */
  constructor(description: MapDescription, words: Words, heard: Heard, near: Near | null) {
    this.description = description;
    this.words = words;
    this.heard = heard;
    this.near = near;
    const close = plainButton("×", () => this.close(), { class: "cp-map-close", "aria-label": words.say("close") });
    this.element = make("section", { class: "cp-map-panel", hidden: true, "aria-label": description.one }, close, this.heading, this.buttons, this.body);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Show the first of the rows with these ids, which lie at `place` if they lie anywhere. */
  async show(ids: readonly number[], place?: Corner): Promise<void> {
    this.ids = ids;
    this.place = place;
    await this.turn(0);
    this.heading.focus();
  }

  /** Say how many rows a cell has that lies at `place`; `closer` is called by who wants to see them. */
  cell(count: number, place: Corner, closer: () => void): void {
    this.ids = [];
    this.place = place;
    this.element.hidden = false;
    this.heading.textContent = this.words.say("cell", { rows: this.words.rows(count) });
    this.body.replaceChildren();
    this.buttons.replaceChildren(plainButton(this.words.say("closer"), closer, BUTTON), ...this.around());
    this.heading.focus();
  }

  close(): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.heard.turned(null);
    this.heard.left();
  }

  private async turn(at: number): Promise<void> {
    const id = this.ids[at];
    if (id === undefined) return;
    this.at = at;
    this.heard.turned(id);
    try {
      const feature = await rowOf(this.description, id);
      if (this.ids[this.at] !== id) return; // somebody has turned over meanwhile
      this.say(feature.properties);
    } catch {
      this.heading.textContent = this.words.say("no_rows");
      this.body.replaceChildren();
    }
    this.element.hidden = false;
    this.buttons.replaceChildren(...(this.ids.length > 1 ? this.turns() : []), ...this.around());
  }

  private say(row: Row): void {
    const { columns, category, time } = this.description;
    const said = columns.map((column) => [column, cell(row, column, this.description, this.words)] as const).filter(([, text]) => text);
    const texts = new Map(said.map(([column, text]) => [column.name, text]));
    this.heading.textContent = texts.get(category) ?? texts.get(time) ?? "";
    const entries = said.map(([column, text]) => make("div", {}, make("dt", {}, column.title), make("dd", {}, text)));
    this.body.replaceChildren(make("dl", {}, ...entries));
  }

  private turns(): Node[] {
    const to = (at: number) => () => void this.turn(at).then(() => this.heading.focus());
    const { at, ids, words } = this;
    return [
      plainButton(words.say("before"), to(at - 1), { ...BUTTON, disabled: at === 0 }),
      make("span", {}, words.say("nth", { i: at + 1, n: ids.length })),
      plainButton(words.say("after"), to(at + 1), { ...BUTTON, disabled: at === ids.length - 1 }),
    ];
  }

  private around(): Node[] {
    const { near, words } = this;
    const [longitude, latitude] = this.place ?? [];
    if (!near || longitude === undefined || latitude === undefined) return [];
    const take = (): void => {
      this.close();
      near([longitude, latitude]);
    };
    return [plainButton(words.say("near_here", { metres: METRES }), take, BUTTON)];
  }
}
