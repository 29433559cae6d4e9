/** What is asked for, condition by condition, each with a way to leave it out; and all of them at once. */
import { dayNumber } from "../counts/days";
import type { Explorer, View } from "../explorer";
import { chooseValues, EVERYTHING, type Filter } from "../filter/filter";
import { own } from "../description";
import { button, make } from "../page";
import type { Words } from "../words";
import type { Control } from "./control";
import { hoursInWords, weekdaysInWords } from "./times";

/** A condition in words, and the filter without it. */
interface Condition {
  readonly text: string;
  readonly without: Partial<Filter>;
}

/** Return the conditions of a view's filter. */
export function conditions({ filter, words }: View): Condition[] {
  return [...ofPeriod(filter, words), ...ofColumns(filter, words), ...ofPlace(filter, words), ...ofTime(filter, words), ...ofRest(filter, words)];
}

function ofPeriod({ from, to }: Filter, words: Words): Condition[] {
  if (!from && !to) return [];
  const [first, last] = [from && words.day(dayNumber(from)), to && words.day(dayNumber(to))];
  const text = first && last ? words.say("days", { first, last }) : first ? words.say("from_day", { day: first }) : words.say("to_day", { day: last });
  return [{ text, without: { from: "", to: "" } }];
}

function ofColumns(filter: Filter, words: Words): Condition[] {
  return [...filter.columns].map(([name, values]) => ({
    text: `${words.column(name)}: ${values.map((value) => words.value(name, value)).join(", ")}`,
    without: { columns: chooseValues(filter, name, []).columns },
  }));
}

function ofPlace({ near, box, polygon }: Filter, words: Words): Condition[] {
  return [
    ...(near ? [{ text: words.say("near", { metres: near.metres }), without: { near: null } }] : []),
    ...(box ? [{ text: words.say("box"), without: { box: null } }] : []),
    ...(polygon ? [{ text: words.say("polygon"), without: { polygon: null } }] : []),
  ];
}

function ofTime({ hours, weekdays }: Filter, words: Words): Condition[] {
  return [
    ...(hours.length > 0 ? [{ text: hoursInWords(hours, words), without: { hours: [] } }] : []),
    ...(weekdays.length > 0 ? [{ text: weekdaysInWords(weekdays, words), without: { weekdays: [] } }] : []),
  ];
}

function ofRest({ words: search, kept }: Filter, words: Words): Condition[] {
  const others = kept.map((pair) => ({ text: saidOf(pair, words), without: { kept: kept.filter((one) => one !== pair) } }));
  return [...(search ? [{ text: words.say("quoted", { text: search }), without: { words: "" } }] : []), ...others];
}

const SIGNS: Readonly<Record<string, string>> = { gte: "≥", gt: ">", lte: "≤", lt: "<" };

/** A condition that the bar has no control for; one in CQL2 stands as it is written. */
function saidOf([name, value]: readonly [string, string], words: Words): string {
  const [column = "", suffix = ""] = name.split("__");
  const title = words.column(column);
  if (suffix === "empty") return words.say(/^(no|false|0)$/i.test(value.trim()) ? "is_filled" : "is_empty", { column: title });
  const sign = own(SIGNS, suffix);
  return sign ? `${title} ${sign} ${value}` : `${name} = ${value}`;
}

export class Active implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private shown = "";

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    this.element = make("div", { class: "cp-ex-active" });
  }

  show(view: View): void {
    if (this.shown === view.question) return;
    this.shown = view.question;
    const all = conditions(view);
    const items = all.map((one) => make("li", {}, this.leaveOut(one, view.words)));
    const pressed = [...this.element.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
    this.element.replaceChildren();
    if (items.length > 0) this.list(items, view.words);
    if (pressed >= 0) this.focus(pressed);
  }

  /** A button that goes away when it was pressed leaves whoever uses keys at its neighbour, or at the head of the bar. */
  private focus(pressed: number): void {
    const buttons = this.element.querySelectorAll("button");
    const next = buttons[Math.min(pressed, buttons.length - 1)] ?? this.element.closest("details")?.querySelector("summary");
    next?.focus();
  }

  private list(items: readonly HTMLElement[], words: Words): void {
    const list = make("ul", { "aria-label": words.say("asked") }, ...items);
    this.element.append(list, button(words.say("clear"), () => void this.explorer.set(EVERYTHING)));
  }

  private leaveOut({ text, without }: Condition, words: Words): HTMLElement {
    const cross = make("span", { "aria-hidden": "true" }, "×");
    const said = make("span", { class: "cp-hidden" }, words.say("leave_out", { condition: text }));
    const element = button("", () => void this.explorer.set(without), { class: "cp-ex-chip" });
    element.append(make("span", { "aria-hidden": "true" }, text), " ", cross, said);
    return element;
  }
}
