/** The table beside the map: the same rows in view, for who does not use the map. */
import type { Column } from "../description";
import { busy, keepHeight, make, plainButton } from "../page";
import { cell } from "../rows/cell";
import { page, type RowFeature, type RowPage } from "../rows/service";
import { isRefusal } from "../service";
import type { Words } from "../words";
import type { Bounds, MapDescription } from "./description";
import { rowsIn } from "./rows";

const BUTTON = { class: "cp-map-button" };

type Question = (signal: AbortSignal) => Promise<RowPage>;

interface Heard {
  /** A sentence on what is in view. */
  said(text: string): void;
  /** Rows did not come. */
  failed(error: unknown): void;
  /** Somebody wants to see the row on the map. */
  shown(feature: RowFeature): void;
}

export class RowList {
  readonly element: HTMLElement;
  private readonly description: MapDescription;
  private readonly words: Words;
  private readonly heard: Heard;
  private readonly columns: readonly Column[];
  private readonly caption = make("caption");
  private readonly body = make("tbody");
  private readonly pages = make("p", { class: "cp-map-buttons" });
  private readonly table: HTMLTableElement;
  private earlier: Question[] = [];
  private now: Question | null = null;
  private asking: AbortController | null = null;
  private total: number | undefined;

  constructor(description: MapDescription, words: Words, heard: Heard) {
    this.description = description;
    this.words = words;
    this.heard = heard;
    this.columns = description.listed.flatMap((name) => description.columns.find((one) => one.name === name) ?? []);
    const heads = this.columns.map((column) => make("th", { scope: "col" }, column.title));
    const last = make("th", { scope: "col" }, make("span", { class: "cp-hidden" }, words.say("show")));
    const head = make("thead", {}, make("tr", {}, ...heads, last));
    this.table = make("table", { class: "cp-table cp-map-rows" }, this.caption, head, this.body);
    const rows = make("div", {}, this.table);
    for (const part of [rows, this.pages]) keepHeight(part);
    this.element = make("div", { class: "cp-map-table" }, rows, this.pages);
  }

  /** Show the first page of rows in `box` that meet `question` and `cql2`. A question that is not answered yet is dropped. */
  async ask(box: Bounds, question: string, cql2: string): Promise<void> {
    this.earlier = [];
    this.total = undefined;
    await this.read((signal) => rowsIn(this.description, box, question, cql2, signal));
  }

  private async read(question: Question): Promise<void> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    busy(this.element, true);
    try {
      const answer = await question(asking.signal);
      this.now = question;
      this.show(answer);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.fail(error);
    }
    busy(this.element, false);
  }

  private fail(error: unknown): void {
    this.table.hidden = true;
    this.pages.replaceChildren();
    this.heard.said(isRefusal(error) ? "" : this.words.say("no_rows"));
    this.heard.failed(error);
  }

  private show({ features, matched = this.total, next }: RowPage): void {
    this.total = matched; // later pages need not say it again
    const { many } = this.description;
    const shown = features.length;
    const all = matched ?? shown;
    this.caption.textContent = this.words.say(shown === all ? "rows" : "first_rows", { rows: this.words.rows(all), shown });
    this.table.hidden = shown === 0;
    this.body.replaceChildren(...features.map((feature) => this.row(feature)));
    this.turns(next);
    this.heard.said(shown > 0 ? this.words.say("in_view", { rows: this.words.rows(all) }) : this.words.say("none", { many }));
  }

  private row(feature: RowFeature): HTMLElement {
    const texts = this.columns.map((column) => cell(feature.properties, column, this.description, this.words));
    const cells = texts.map((text, at) => make(at ? "td" : "th", at ? {} : { scope: "row" }, text));
    const label = `${this.words.say("show_row")}: ${texts[0] ?? ""}`;
    const show = plainButton(this.words.say("show"), () => this.heard.shown(feature), { ...BUTTON, "aria-label": label });
    return make("tr", {}, ...cells, make("td", {}, show));
  }

  private turns(next: string | undefined): void {
    const { words, earlier, now } = this;
    const forward = (): void => {
      if (!next || !now) return;
      earlier.push(now);
      void this.read((signal) => page(next, signal));
    };
    const back = (): void => {
      const before = earlier.pop();
      if (before) void this.read(before);
    };
    const buttons = [
      plainButton(words.say("before"), back, { ...BUTTON, disabled: earlier.length === 0 }),
      plainButton(words.say("after"), forward, { ...BUTTON, disabled: !next }),
    ];
    this.pages.replaceChildren(...(next || earlier.length > 0 ? buttons : []));
  }
}
