/**
 * A week, 28 days and the year to date beside the year before, for each category under the filter: the table that police
 * departments meet over. It is asked for when it comes into view, and again with each other filter, in sight or not: it is
 * as high as its rows, and would move what stands below it under a reader's eyes.
 */
import { csvOf, type Figure } from "../charts/figure";
import { csvAddress, save } from "../charts/save";
import { change } from "../charts/time/figure";
import { copied } from "../copy";
import { dayNumber } from "../counts/days";
import type { Explorer, Face, View } from "../explorer";
import { writeFilter } from "../filter/parameters";
import { busy, make, plainButton, whenNear } from "../page";
import { read } from "../rows/service";

/** Parameter of the address: the last day of the windows. */
const UNTIL = "until";
/** Where the page has the table. */
const PART = "ex-compare";

/** Lines for heads, rows without a category, and all rows; how high one is. */
const [MORE_LINES, LINE] = [5, 2];

interface Span {
  readonly first: string;
  readonly last: string;
}

/** Rows now and rows then; null where the table does not have all days then. */
type Pairs = readonly (readonly [number, number | null])[];

/** The document of `/data/{dataset}/compare`. */
interface Compared {
  readonly until: string;
  readonly settled: string | null;
  readonly windows: readonly { readonly name: string; readonly current: Span; readonly prior: Span }[];
  readonly total: Pairs;
  readonly categories: readonly { readonly value: string | null; readonly counts: Pairs }[];
}

/** Stands where the table has no number. */
const NOTHING = "–";
const NAMES: Readonly<Record<string, string>> = { week: "weeks_week", "28_days": "weeks_28_days", year_to_date: "weeks_year" };

export class Weeks implements Face {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly table = make("table", { class: "cp-ch-table cp-ch-weeks" });
  private readonly scroll: HTMLElement;
  private readonly until = make("input", { type: "date" });
  private readonly note = make("p", { class: "cp-ch-notes", role: "status" });
  private seen = false;
  private asked: string | null = null;
  private figure: Figure | null = null;

  constructor(explorer: Explorer) {
    const { words } = explorer;
    this.explorer = explorer;
    const title = words.say("weeks_title");
    const file = plainButton("CSV", () => this.save(), { class: "cp-ch-save", "aria-label": words.say("chart_save", { title, form: "CSV" }) });
    const link = plainButton(words.say("weeks_link"), () => void this.link(), { class: "cp-ch-save" });
    this.until.addEventListener("change", () => explorer.look(UNTIL, this.until.value));
    const day = make("label", { class: "cp-ch-choice" }, make("span", {}, words.say("weeks_until")), this.until);
    const head = make("div", { class: "cp-ch-head" }, make("h3", {}, title), day, link, file);
    this.scroll = make("div", { class: "cp-ch-weeks-scroll", tabindex: 0, role: "group", "aria-label": title }, this.table);
    this.element = make("div", { class: "cp-ch", "data-chart": "weeks" }, head, make("p", {}, words.say("weeks_says")), this.scroll, this.note);
    whenNear(this.element, () => {
      this.seen = true;
      this.show(explorer.view);
    });
  }

  show(view: View): void {
    const until = view.looks.get(UNTIL) ?? "";
    const question = [view.question, until ? `${UNTIL}=${encodeURIComponent(until)}` : ""].filter(Boolean).join("&");
    const asked = `${view.attempt} ${question}`;
    if (asked === this.asked) return;
    if (!this.figure) this.scroll.style.minHeight = `${linesFor(view) * LINE}em`;
    if (!this.seen) return;
    busy(this.element, true);
    // A server has fewer processors than a page has questions: counts go first. What is under way is of another filter.
    if (view.state === "asked") this.asked = null;
    else void this.ask(question, asked);
  }

  private async ask(question: string, asked: string): Promise<void> {
    this.asked = asked;
    let document: Compared | null = null;
    try {
      document = (await read(`${this.explorer.description.compare}?${question}`, null)) as Compared;
    } catch (error) {
      if (asked === this.asked) this.explorer.lack(error);
    }
    if (asked !== this.asked) return;
    this.write(document);
    busy(this.element, false);
  }

  private write(document: Compared | null): void {
    const { words } = this.explorer;
    this.figure = document && this.figureOf(document);
    this.table.replaceChildren(...(document && this.figure ? this.parts(document, this.figure) : []));
    if (document) {
      this.until.value = document.until;
      this.scroll.style.minHeight = "";
    }
    this.note.textContent = document ? this.warning(document) : words.say("unanswered");
  }

  /** Days of which not all rows have come out are no whole week; before its first day the table has nothing to compare with. */
  private warning({ until, settled, total }: Compared): string {
    const { words, view: { cube } } = this.explorer;
    const isEarly = total.some(([, then]) => then === null);
    return [
      settled && until > settled ? words.say("weeks_late", { day: words.day(dayNumber(settled)) }) : "",
      isEarly && cube ? words.say("weeks_early", { day: words.day(cube.span.first) }) : "",
    ].filter(Boolean).join(" ");
  }

  private figureOf({ windows, total, categories }: Compared): Figure {
    const { words, description } = this.explorer;
    const row = (label: string, pairs: Pairs): (string | number)[] => [label, ...cellsOf(pairs, words)];
    const label = (value: string | null): string => (value === null ? words.say("chart_missing") : words.value(description.category, value));
    const heads = windows.flatMap(({ name, current, prior }) => [spanName(words, current), spanName(words, prior), words.say("chart_change")].map((text) => `${words.say(NAMES[name] ?? name)}: ${text}`));
    return {
      sentence: "",
      notes: [],
      columns: [words.column(description.category), ...heads],
      rows: () => [...categories.map(({ value, counts }) => row(label(value), counts)), row(words.say("weeks_all"), total)],
    };
  }

  private parts({ windows }: Compared, figure: Figure): HTMLElement[] {
    const { words } = this.explorer;
    const top = windows.map(({ name }) => make("th", { scope: "colgroup", colspan: 3 }, words.say(NAMES[name] ?? name)));
    const below = windows.flatMap(({ current, prior }) => [shortName(words, current), shortName(words, prior), words.say("chart_change")].map((text) => make("th", { scope: "col" }, text)));
    const head = make("thead", {}, make("tr", {}, make("th", { scope: "col", rowspan: 2 }, figure.columns[0] ?? ""), ...top), make("tr", {}, ...below));
    const cell = (value: string | number | null): HTMLElement => make("td", {}, typeof value === "number" ? words.number(value) : (value ?? ""));
    const rows = figure.rows().map(([label, ...cells]) => make("tr", {}, make("th", { scope: "row" }, String(label ?? "")), ...cells.map(cell)));
    return [head, make("tbody", {}, ...rows)];
  }

  /** The link has the day: without one, the table goes on with the rows. */
  private async link(): Promise<void> {
    const { explorer, until } = this;
    const looks = new Map(explorer.view.looks).set(UNTIL, until.value);
    const question = writeFilter(explorer.view.filter, explorer.grammar, looks);
    this.note.textContent = await copied(`${location.origin}${explorer.description.page}?${question}#${PART}`, explorer.words);
  }

  private save(): void {
    if (!this.figure) return;
    save(`${this.explorer.description.dataset}_compare_${this.until.value}.csv`, csvAddress(csvOf(this.figure)));
  }
}

/** How many lines to keep room for until the table is there: those of the categories that are chosen, or of all. */
export function linesFor({ filter, description: { counted, category } }: Pick<View, "filter" | "description">): number {
  return (filter.columns.get(category)?.length ?? counted.find(({ name }) => name === category)?.values ?? 0) + MORE_LINES;
}

function spanName(words: Explorer["words"], { first, last }: Span): string {
  return words.days(dayNumber(first), dayNumber(last));
}

/** A span as the head of a narrow column. */
function shortName(words: Explorer["words"], { first, last }: Span): string {
  return words.shortDays(dayNumber(first), dayNumber(last));
}

/** Return the cells of a line: rows now, rows then, the change. */
export function cellsOf(pairs: Pairs, words: Explorer["words"]): (string | number)[] {
  return pairs.flatMap(([now, then]) => [now, ...(then === null ? [NOTHING, NOTHING] : [then, change(words, now, then)])]);
}
