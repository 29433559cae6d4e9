/** Words that rows have. */
import type { Explorer, View } from "../explorer";
import { labelled, make } from "../page";
import type { Control } from "./control";

export class Search implements Control {
  readonly element: HTMLFormElement;
  private readonly field = make("input", { type: "search", maxlength: 200, autocomplete: "off" });

  constructor(explorer: Explorer) {
    const { words } = explorer;
    const send = make("button", { type: "submit", class: "cp-button" }, words.say("search"));
    this.element = make("form", { class: "cp-ex-search", role: "search" }, labelled(words.say("words"), this.field), send);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void explorer.set({ words: this.field.value.trim().replace(/\s+/g, " ") });
    });
  }

  show({ filter }: View): void {
    if (document.activeElement !== this.field) this.field.value = filter.words;
  }
}
