/** The table behind a chart: closed until somebody opens it, and filled only then. */
import { make } from "../page";
import type { Words } from "../words";
import type { Cell, Figure } from "./figure";

export class BackTable {
  readonly element: HTMLDetailsElement;
  private readonly table: HTMLTableElement;
  private readonly words: Words;
  private heads = "";

  /** `opened` is called when the table has to be filled. */
  constructor(title: string, words: Words, opened: () => void) {
    this.words = words;
    this.table = make("table", { class: "cp-ch-table" }, make("caption", { class: "cp-hidden" }, title), make("thead"), make("tbody"));
    const scroll = make("div", { class: "cp-ch-scroll", role: "group", tabindex: 0, "aria-label": title }, this.table);
    this.element = make("details", { class: "cp-ch-details" }, make("summary", {}, words.say("chart_table")), scroll);
    this.element.addEventListener("toggle", opened);
  }

  /** Write the figure, where the table is open. */
  fill(figure: () => Figure): void {
    if (!this.element.open) return;
    const { columns, rows } = figure();
    if (this.heads !== columns.join("\n")) {
      this.heads = columns.join("\n");
      this.table.tHead?.replaceChildren(make("tr", {}, ...columns.map((column) => make("th", { scope: "col" }, column))));
    }
    this.table.tBodies[0]?.replaceChildren(...rows().map((row) => this.row(row)));
  }

  private row([label, ...cells]: readonly Cell[]): HTMLElement {
    return make("tr", {}, make("th", { scope: "row" }, this.text(label ?? null)), ...cells.map((cell) => make("td", { "data-value": cell ?? "" }, this.text(cell))));
  }

  private text(cell: Cell): string {
    return cell === null ? "–" : typeof cell === "number" ? this.words.number(cell) : cell;
  }
}
