/** The period: what people usually ask for, and a first and a last day. */
import { isDay } from "../counts/days";
import type { Explorer, View } from "../explorer";
import { button, labelled, make } from "../page";
import type { Control } from "./control";

/** Every day, by its key among the words. */
const ALL = "all_days";
const PRESET = { class: "cp-ex-preset" };

export class Period implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly from = make("input", { type: "date" });
  private readonly to = make("input", { type: "date" });
  private readonly presets: HTMLElement;
  /** Buttons by the name of their period. */
  private readonly buttons: ReadonlyMap<string, HTMLButtonElement>;
  private days: Readonly<Record<string, readonly [string, string]>> = {};

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words, description } = explorer;
    this.buttons = new Map([...description.periods, ALL].map((name) => [name, button(words.say(name), () => this.choose(name), PRESET)]));
    this.presets = make("div", { class: "cp-ex-presets cp-ex-periods" }, ...this.buttons.values());
    const days = make("div", { class: "cp-ex-days" }, labelled(words.say("from"), this.from), labelled(words.say("to"), this.to));
    this.element = make("fieldset", { class: "cp-ex-set" }, make("legend", {}, words.say("period")), this.presets, days);
    for (const field of [this.from, this.to]) field.addEventListener("change", () => void this.take());
    // They keep their room until it is known which days they are.
    this.presets.style.visibility = "hidden";
  }

  show(view: View): void {
    const { filter, cube } = view;
    for (const [field, day] of [[this.from, filter.from], [this.to, filter.to]] as const) {
      // An address may say anything; of what is no day, a browser complains.
      if (document.activeElement !== field) field.value = isDay(day) ? day : "";
    }
    if (cube) {
      this.days = cube.document.periods ?? {};
      this.presets.style.visibility = "";
    }
    // On the last day of a year, this year is the last twelve months as well.
    const pressed = [...this.buttons.keys()].find((name) => this.daysOf(name).join("/") === `${filter.from}/${filter.to}`);
    for (const [name, one] of this.buttons) one.setAttribute("aria-pressed", String(name === pressed));
  }

  private daysOf(name: string): readonly [string, string] {
    return this.days[name] ?? ["", ""];
  }

  private choose(name: string): void {
    const [from, to] = this.daysOf(name);
    void this.explorer.set({ from, to });
  }

  /** A day that is half written is none yet. */
  private async take(): Promise<void> {
    if (this.from.validity.badInput || this.to.validity.badInput) return;
    const days = [this.from.value, this.to.value].filter(Boolean);
    const [from, to] = days.length === 2 ? days.sort() : [this.from.value, this.to.value];
    await this.explorer.set({ from: from ?? "", to: to ?? "" });
  }
}
