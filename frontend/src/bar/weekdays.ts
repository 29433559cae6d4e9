/** Days of the week, in the order of the reader's language. */
import type { Explorer, View } from "../explorer";
import { make } from "../page";
import type { Control } from "./control";
import { weekdayInWords } from "./times";

const WEEK = [0, 1, 2, 3, 4, 5, 6];

export class Weekdays implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly boxes: readonly HTMLInputElement[];

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    this.boxes = WEEK.map((day) => make("input", { type: "checkbox", value: day }));
    const labels = this.boxes.map((box, day) =>
      make("label", {}, box, make("span", { "aria-hidden": "true" }, weekdayInWords(day, words, "short")), make("span", { class: "cp-hidden" }, weekdayInWords(day, words))),
    );
    this.element = make("fieldset", { class: "cp-ex-set" }, make("legend", {}, words.say("weekdays")), make("div", { class: "cp-ex-week" }, ...labels));
    for (const box of this.boxes) box.addEventListener("change", () => void this.take());
  }

  show({ filter }: View): void {
    this.boxes.forEach((box, day) => (box.checked = filter.weekdays.includes(day)));
  }

  private take(): Promise<void> {
    const chosen = WEEK.filter((day) => this.boxes[day]?.checked);
    return this.explorer.set({ weekdays: chosen.length === WEEK.length ? [] : chosen });
  }
}
