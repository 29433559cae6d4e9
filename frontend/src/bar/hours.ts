/** Time of day: from one hour to another, over midnight where the first is later. */
import type { Explorer, View } from "../explorer";
import { labelled, make } from "../page";
import type { Control } from "./control";
import { endsOf, hourInWords, hoursBetween } from "./times";

const DAY_HOURS = 24;
/** Milliseconds in which changes are one: keys go through a list hour by hour, each letter typed is a change. */
const AT_ONCE = 1000;

export class Hours implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly first: HTMLSelectElement;
  private readonly end: HTMLSelectElement;
  private taken = -Infinity;

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    this.first = this.hours();
    this.end = this.hours();
    const fields = make("div", { class: "cp-ex-days" }, labelled(words.say("from"), this.first), labelled(words.say("until"), this.end));
    this.element = make("fieldset", { class: "cp-ex-set" }, make("legend", {}, words.say("time_of_day")), fields);
    for (const select of [this.first, this.end]) select.addEventListener("change", () => void this.take());
  }

  show({ filter }: View): void {
    const ends = endsOf(filter.hours);
    this.first.value = ends ? String(ends.first) : "";
    this.end.value = ends ? String((ends.last + 1) % DAY_HOURS) : "";
  }

  private hours(): HTMLSelectElement {
    const { words } = this.explorer;
    const options = Array.from({ length: DAY_HOURS }, (_, hour) => make("option", { value: hour }, hourInWords(hour, words)));
    return make("select", {}, make("option", { value: "" }, words.say("any")), ...options);
  }

  /** One hour without the other is a night that begins or ends with the day. */
  private async take(): Promise<void> {
    const changed = document.activeElement;
    const [before, now] = [this.taken, performance.now()];
    this.taken = now;
    const atOnce = now - before < AT_ONCE;
    if (changed instanceof HTMLSelectElement && changed.value === "") return this.explorer.set({ hours: [] }, atOnce);
    const first = Number(this.first.value || 0);
    const end = Number(this.end.value || 0);
    await this.explorer.set({ hours: hoursBetween(first, (end + DAY_HOURS - 1) % DAY_HOURS) }, atOnce);
  }
}
