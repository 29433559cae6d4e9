/** How many rows of the filter are on no map, and a way to them. In: the view, with its counts. Out: a sentence and a link. */
import type { Explorer, View } from "../explorer";
import type { Filter } from "../filter/filter";
import { make } from "../page";
import type { Words } from "../words";

/** The heading of the table on the explorer's page. */
const TABLE = "ex-rows";

export class Unplaced {
  readonly element = make("p", { class: "cp-map-unplaced" });
  private readonly explorer: Explorer;
  private readonly words: Words;
  private readonly field: string;
  private said = "";

  /** `field` is empty in rows without a point. */
  constructor(explorer: Explorer, words: Words, field: string) {
    this.explorer = explorer;
    this.words = words;
    this.field = field;
  }

  /** As the map, it follows the filter and no brush. */
  show({ cube, range, state, question, filter }: View): void {
    if (!cube || state !== "there") return;
    const key = `${cube.document.version} ${question}`;
    if (key === this.said) return;
    this.said = key;
    const rows = cube.rows(range);
    const lost = cube.unplaced(range);
    this.element.replaceChildren(...(rows > 0 ? [sentence(rows, lost, this.words)] : []));
    if (lost.rows > 0 && !asksFor(filter, this.field)) this.element.append(" ", this.link());
  }

  private link(): HTMLElement {
    const { explorer } = this;
    const change = { kept: [...explorer.view.filter.kept, [`${this.field}__empty`, "yes"] as const] };
    const href = `${explorer.description.page}?${explorer.questionWith(change)}#${TABLE}`;
    const link = make("a", { href, target: "_top" }, this.words.say("show_unplaced"));
    link.addEventListener("click", (event) => {
      const heading = document.getElementById(TABLE);
      if (!heading) return; // a view without a table: the page has one
      event.preventDefault();
      void explorer.set(change);
      heading.tabIndex = -1;
      heading.focus();
    });
    return link;
  }
}

/** Whether a filter asks for the rows without `field` already: a link to them would add the condition once more. */
export function asksFor({ kept }: Pick<Filter, "kept">, field: string): boolean {
  return kept.some(([name, value]) => name === `${field}__empty` && value === "yes");
}

/** Say how many of `rows` are on no map, and of how many the team is known all the same. */
export function sentence(rows: number, lost: { readonly rows: number; readonly inTeam: number }, words: Words): string {
  const all = words.rows(rows);
  if (lost.rows === 0) return words.say("all_placed", { rows: all });
  const team = lost.inTeam > 0 ? [words.count("in_team", lost.inTeam)] : [];
  return [words.count("on_no_map", lost.rows, { rows: all }), ...team].join(" ");
}
