/** The period: what people usually ask for, and a first and a last day. */
import { dayNumber, isoDay, yearsLater } from "../counts/days";
import type { Explorer, View } from "../explorer";
import { button, labelled, make } from "../page";
import type { Control } from "./control";

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Return the usual periods, reckoned from the table's last day: rows come a night late, or later. */
export function usualPeriods(last: number): readonly (readonly [string, Days])[] {
  const day = isoDay(last);
  const year = Number(day.slice(0, 4));
  const since = (first: number): Days => ({ from: isoDay(first), to: day });
  return [
    ["last_7", since(last - 6)],
    ["last_28", since(last - 27)],
    ["last_month", monthBefore(last)],
    ["this_year", { from: `${year}-01-01`, to: day }],
    ["last_year", { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }],
    ["twelve_months", since(yearsLater(last, -1) + 1)],
    ["all_days", { from: "", to: "" }],
  ];
}

/** The whole month before the one that the table's last day lies in. */
function monthBefore(last: number): Days {
  const end = dayNumber(`${isoDay(last).slice(0, 7)}-01`) - 1;
  return { from: `${isoDay(end).slice(0, 7)}-01`, to: isoDay(end) };
}

export class Period implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly from = make("input", { type: "date" });
  private readonly to = make("input", { type: "date" });
  private readonly presets = make("div", { class: "cp-ex-presets" });
  private last = NaN;

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    const days = make("div", { class: "cp-ex-days" }, labelled(words.say("from"), this.from), labelled(words.say("to"), this.to));
    this.element = make("fieldset", { class: "cp-ex-set" }, make("legend", {}, words.say("period")), this.presets, days);
    for (const field of [this.from, this.to]) field.addEventListener("change", () => void this.take());
    // They keep their room until the table's last day is known.
    this.offer(dayNumber(new Date().toISOString().slice(0, 10)));
    this.presets.style.visibility = "hidden";
  }

  show(view: View): void {
    const { filter, cube } = view;
    if (document.activeElement !== this.from) this.from.value = filter.from;
    if (document.activeElement !== this.to) this.to.value = filter.to;
    if (cube && cube.span.last !== this.last) {
      this.offer((this.last = cube.span.last));
      this.presets.style.visibility = "";
    }
    const buttons = [...this.presets.querySelectorAll("button")];
    // On the last day of a year, this year is the last twelve months as well.
    const pressed = buttons.find((one) => one.dataset["days"] === `${filter.from}/${filter.to}`);
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === pressed));
  }

  private offer(last: number): void {
    const { words } = this.explorer;
    const buttons = usualPeriods(last).map(([key, days]) =>
      button(words.say(key), () => void this.explorer.set(days), { class: "cp-ex-preset", "data-days": `${days.from}/${days.to}` }),
    );
    this.presets.replaceChildren(...buttons);
  }

  /** A day that is half written is none yet. */
  private async take(): Promise<void> {
    if (this.from.validity.badInput || this.to.validity.badInput) return;
    const days = [this.from.value, this.to.value].filter(Boolean);
    const [from, to] = days.length === 2 ? days.sort() : [this.from.value, this.to.value];
    await this.explorer.set({ from: from ?? "", to: to ?? "" });
  }
}
