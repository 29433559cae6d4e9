/**
 * The table of an explorer: all rows of its filter, of which those are on the page that are seen. Sort, columns and the
 * row of a link are in the address. In: an element, with the first rows if the server printed them; they stay until
 * others come. Out: the element filled.
 */
import type { Explorer, Face, View } from "../explorer";
import { busy, make, watchNear } from "../page";
import { read } from "../rows/service";
import { isRefusal } from "../service";
import { Chooser } from "./chooser";
import { heads } from "./head";
import { COLUMNS, type Look, orderOf, readLook, ROW, SORT, writeColumns } from "./look";
import { Pages, SIZE } from "./pages";
import { Rows } from "./rows";
import { Scroll } from "./scroll";

/** Rows beside those that are seen, on each side. */
const MORE = 10;
/** Pixels of a row: two lines of the reader's size of text. */
const HEIGHT = Math.round(2.5 * parseFloat(getComputedStyle(document.documentElement).fontSize));
const NONE = { first: 0, seen: 0 };

class TableFace implements Face {
  private readonly element: HTMLElement;
  private readonly explorer: Explorer;
  /** The question of the rows that the server printed. */
  private readonly printed: string;
  private readonly live = make("p", { role: "status", class: "cp-tb-live" });
  private readonly head = make("tr", { "aria-rowindex": 1 });
  private readonly table: HTMLTableElement;
  private readonly region: HTMLElement;
  private readonly rows: Rows;
  private readonly chooser: Chooser;
  private look: Look;
  private question = "";
  private asked = "";
  private pages: Pages | null = null;
  private scroll = new Scroll(0, HEIGHT, 0);
  /** Pixels for rows, and where they are scrolled to: the browser says so when it changes, and asking costs it a layout. */
  private room = 0;
  private top = 0;
  private near = false;

  constructor(element: HTMLElement, explorer: Explorer) {
    const { description, words, view } = explorer;
    this.element = element;
    this.explorer = explorer;
    this.printed = view.question;
    this.look = readLook(view.looks, description);
    this.rows = new Rows(description, words, { linked: (id) => explorer.look(ROW, String(id)) });
    this.chooser = new Chooser(description, words, (names) => explorer.look(COLUMNS, writeColumns(names, description)));
    this.chooser.show(this.look.columns.map(({ name }) => name));
    this.table = make("table", { class: "cp-tb" }, make("caption", { class: "cp-hidden" }, description.title), make("thead", {}, this.head), ...this.rows.elements);
    this.table.style.setProperty("--cp-row", `${HEIGHT}px`);
    this.region = make("div", { class: "cp-tb-region", tabindex: 0, role: "region", "aria-label": words.say("rows_region", { title: description.title }) }, this.table);
    this.region.addEventListener("scroll", () => this.scrolled(), { passive: true });
    if (!element.querySelector(".cp-tb")) this.place();
    const sizes = new ResizeObserver(() => this.resized());
    for (const one of [this.region, this.head]) sizes.observe(one);
    watchNear(element, (near) => {
      this.near = near;
      if (near) this.show(explorer.view);
    });
  }

  show({ question, looks, description, attempt }: View): void {
    if (question !== this.printed) this.place();
    const look = readLook(looks, description);
    const asked = [question, orderOf(look), look.columns.map(({ name }) => name).join(), attempt].join(" ");
    if (!this.near) {
      if (this.asked && asked !== this.asked) this.empty();
      return;
    }
    const turned = look.row !== this.look.row;
    this.look = look;
    if (asked !== this.asked) this.begin(question, asked);
    else if (turned) this.draw();
  }

  /** Take the place of what was printed, where a reader may be already; return how far that was scrolled. */
  private place(): number {
    const { element, region } = this;
    if (region.isConnected) return 0;
    const { scrollTop = 0 } = element.querySelector(".cp-tb-region") ?? {};
    const isHere = element.contains(document.activeElement);
    element.replaceChildren(make("div", { class: "cp-tb-top" }, this.live, this.chooser.element), region);
    this.room = Math.max(0, region.clientHeight - this.head.offsetHeight);
    if (isHere) region.focus({ preventScroll: true });
    return scrollTop;
  }

  /** Out of sight nothing is asked for: these rows are others', and the next come when the reader does. */
  private empty(): void {
    this.pages?.stop();
    this.pages = null;
    this.asked = this.live.textContent = "";
    busy(this.region, false);
    this.size(0);
  }

  /** Other rows, or in another order, or with other columns. */
  private begin(question: string, asked: string): void {
    const isOther = question !== this.question || !this.asked;
    const keepsPlace = !isOther && this.asked.split(" ")[1] === asked.split(" ")[1];
    this.asked = asked;
    this.question = question;
    this.pages?.stop();
    this.pages = new Pages((offset) => this.address(offset), { arrived: () => this.arrived(), failed: (error) => this.fail(error) });
    this.heads();
    if (!keepsPlace && this.top !== 0) this.region.scrollTop = this.top = this.scroll.moved(0);
    const { row } = this.look;
    if (row !== null && !keepsPlace) void this.find(row);
    const { first, end } = this.scroll.range(0);
    busy(this.region, true);
    this.pages.want(first, end);
  }

  private address(offset: number): string {
    const { services, precision } = this.explorer.description;
    const asked = new URLSearchParams(this.question);
    asked.set("limit", String(SIZE));
    asked.set("offset", String(offset));
    asked.set("sortby", orderOf(this.look));
    asked.set("properties", [...new Set([...this.look.columns.map(({ name }) => name), precision])].filter(Boolean).join());
    return `${services.items}?${asked.toString()}`;
  }

  private heads(): void {
    const { description, words } = this.explorer;
    const { look } = this;
    const held = this.head.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["sort"] : undefined;
    this.chooser.show(look.columns.map(({ name }) => name));
    this.head.replaceChildren(...heads(look, description, words, (column) => {
      const down = column.name === look.sorted ? !look.descending : false;
      this.explorer.look(SORT, `${down ? "-" : ""}${column.name}`);
    }));
    if (held) this.head.querySelector<HTMLElement>(`[data-sort="${CSS.escape(held)}"]`)?.focus();
  }

  /** Scroll to the row of a link, and say where it is not among the rows. */
  private async find(row: number): Promise<void> {
    const asked = new URLSearchParams(this.question);
    asked.set(SORT, orderOf(this.look));
    asked.set(ROW, String(row));
    const before = this.asked;
    try {
      const found = (await read(`${this.explorer.description.position}?${asked.toString()}`, null)) as { readonly rows: number; readonly position: number | null };
      if (before !== this.asked) return;
      this.place();
      if (found.position === null) { this.say("row_not_here"); return; }
      if (this.pages) this.pages.total ??= found.rows; // else there would be no room yet to scroll in
      this.size(found.rows);
      this.region.scrollTop = this.top = this.scroll.to(found.position);
      this.draw();
    } catch (error) {
      if (before === this.asked) this.fail(error);
    }
  }

  private arrived(): void {
    const scrolled = this.place();
    busy(this.region, false);
    const total = this.pages?.total ?? 0;
    this.size(total);
    this.draw();
    if (scrolled > 0) this.region.scrollTop = scrolled;
    const { words } = this.explorer;
    const { sorted, descending } = this.look;
    const sentence = words.say(descending ? "sorted_down" : "sorted_up", { rows: words.rows(total), column: words.column(sorted) });
    const text = total > 0 ? sentence : words.say("chart_nothing");
    if (this.live.textContent !== text) this.live.textContent = text;
  }

  private size(total: number): void {
    const count = String(total + 1);
    if (this.table.getAttribute("aria-rowcount") === count) return;
    this.table.setAttribute("aria-rowcount", count);
    this.measure(total);
  }

  private resized(): void {
    this.room = Math.max(0, this.region.clientHeight - this.head.offsetHeight);
    this.measure();
  }

  /** What is seen has another height, or there are other rows: the place stays. */
  private measure(total = this.pages?.total ?? 0): void {
    this.scroll = new Scroll(total, HEIGHT, this.room);
    this.scroll.moved(this.top);
    this.draw();
  }

  private scrolled(): void {
    const { scrollTop } = this.region;
    this.top = this.scroll.moved(scrollTop);
    if (Math.abs(this.top - scrollTop) >= 1) this.region.scrollTop = this.top;
    this.draw();
  }

  private draw(): void {
    const { pages, scroll, look } = this;
    if (!pages?.total) { this.rows.show([], NONE, 0, 0, look); return; }
    const { first, end } = scroll.range(MORE);
    pages.want(first, end);
    const rows = Array.from({ length: Math.max(0, end - first) }, (_, at) => pages.row(first + at));
    const top = scroll.topOf(first);
    this.rows.show(rows, { first, seen: scroll.range(0).first }, top, scroll.height - top - rows.length * HEIGHT, look);
  }

  /** Where nothing has come of a filter, rows of the one before are none of it. */
  private fail(error: unknown): void {
    if (this.pages?.total === null) this.rows.show([], NONE, 0, 0, this.look);
    this.say(isRefusal(error) ? "" : "unanswered_rows"); // the reason of a refusal stands with the numbers
    this.explorer.lack(error);
  }

  private say(key: string): void {
    this.place();
    busy(this.region, false);
    this.live.textContent = key && this.explorer.words.say(key);
  }
}

/** Mount the table. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new TableFace(element, explorer);
}
