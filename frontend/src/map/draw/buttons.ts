/** The buttons above a map: tools to take, and while one is in the hand what keys do otherwise. */
import { keepHeight, make, plainButton } from "../../page";
import type { Words } from "../../words";
import { METRES } from "../../filter/near";
import type { Tool } from "./pencil";

/** What may be done with a shape that is being drawn; what cannot be done yet keeps its room, so that nothing moves. */
export interface Offer {
  readonly key: "draw_close" | "draw_back" | "draw_end";
  readonly act: () => void;
  readonly can: boolean;
}

export class Buttons {
  readonly element: HTMLElement;
  private readonly words: Words;
  private readonly tools: ReadonlyMap<Tool, HTMLButtonElement>;
  private readonly during = make("span", { class: "cp-map-during", hidden: true });

  constructor(words: Words, tools: readonly Tool[], taken: (tool: Tool) => void) {
    this.words = words;
    const button = (tool: Tool): HTMLButtonElement => this.button(`draw_${tool}`, () => taken(tool), { "aria-pressed": "false" });
    this.tools = new Map(tools.map((tool) => [tool, button(tool)]));
    const label = words.say("draw_tools");
    this.element = make("div", { class: "cp-map-tools", role: "group", "aria-label": label }, ...this.tools.values(), this.during);
    keepHeight(this.element);
  }

  /** Show which tool is in the hand, in the place of the others, so that the map stays where it is; null: none. */
  mark(tool: Tool | null): void {
    for (const [name, button] of this.tools) {
      button.setAttribute("aria-pressed", String(name === tool));
      button.hidden = tool !== null && name !== tool;
    }
  }

  /** Whether one of what is offered has the focus. */
  get inUse(): boolean {
    return this.during.contains(document.activeElement);
  }

  /** Offer these, in the place of those before; who was at one of them is at one of the new ones. */
  offer(offers: readonly Offer[]): void {
    const { inUse } = this;
    const buttons = offers.map(({ key, act, can }) => this.button(key, act, { disabled: !can }));
    this.during.hidden = offers.length === 0;
    this.during.replaceChildren(...buttons);
    if (inUse) buttons.find((one) => !one.disabled)?.focus();
  }

  private button(key: string, act: () => void, attributes: Readonly<Record<string, string | boolean>> = {}): HTMLButtonElement {
    return plainButton(this.words.say(key, { metres: METRES }), act, { ...attributes, class: "cp-map-button" });
  }
}
