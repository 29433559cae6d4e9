/**
 * An address box that asks the portal's own places: block, team, areas, and who answers questions. In: what somebody
 * writes. Out: ways to narrow the filter to what was found.
 */
import { AREA, type Description } from "../description";
import type { Explorer } from "../explorer";
import { chooseValues, type Filter, type Position } from "../filter/filter";
import { button, labelled, make } from "../page";
import type { Control } from "./control";
import { METRES, rounded } from "./place";

/** A place as `/data/places/search` has it. */
export interface Found {
  readonly label: string;
  readonly team: string | null;
  readonly point: Position | null;
  readonly areas: Readonly<Record<string, string>>;
}

interface Answer {
  readonly places: readonly Found[];
  readonly contact: { readonly department: string; readonly name: string; readonly phone: string; readonly email: string };
}

/** A way to narrow the filter; `key` names its words, `value` what they are of. */
export interface Way {
  readonly key: "near_block" | "this_block" | "of_area";
  readonly value: string;
  readonly change: Partial<Filter>;
}

/** Return the ways to narrow `filter` to a place. */
export function waysTo(place: Found, filter: Filter, { team, block }: Pick<Description, "team" | "block">): Way[] {
  const only = (column: string, value: string): Partial<Filter> => ({ columns: chooseValues(filter, column, [value]).columns });
  const areas = Object.entries(place.areas).map(([layer, value]): Way => ({ key: "of_area", value, change: only(AREA + layer, value) }));
  return [
    ...(place.point ? [{ key: "near_block", value: "", change: { near: { at: rounded(place.point), metres: METRES } } } as const] : []),
    ...(block ? [{ key: "this_block", value: "", change: only(block, place.label) } as const] : []),
    ...(team && place.team ? [{ key: "of_area", value: place.team, change: only(team, place.team) } as const] : []),
    ...areas,
  ];
}

const MOST = 5;

export class Address implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly field = make("input", { type: "search", maxlength: 100, autocomplete: "street-address" });
  private readonly said = make("p", { role: "status", class: "cp-ex-said" });
  private readonly list = make("ul", { class: "cp-ex-found" });

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    const send = make("button", { type: "submit", class: "cp-button" }, words.say("find"));
    const form = make("form", { class: "cp-ex-search", role: "search" }, labelled(words.say("address"), this.field), send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.find(this.field.value.trim());
    });
    this.element = make("div", {}, form, this.said, this.list);
  }

  /** What was found stays until something else is looked for. */
  show(): void {
    this.list.hidden = this.list.childElementCount === 0;
  }

  private async find(text: string): Promise<void> {
    const { words, description } = this.explorer;
    this.list.replaceChildren();
    this.said.textContent = "";
    if (!text) return;
    try {
      const response = await fetch(`${description.services.places}?${new URLSearchParams({ q: text }).toString()}`);
      this.answer(response.ok ? ((await response.json()) as Answer) : null, response.status);
    } catch {
      this.said.textContent = words.say("unanswered");
    }
  }

  private answer(answer: Answer | null, status: number): void {
    const { words } = this.explorer;
    const places = answer?.places.slice(0, MOST) ?? [];
    const failed = answer || status === 404 ? "address_none" : "unanswered";
    this.said.textContent = places.length > 0 ? words.count("address_found", places.length) : words.say(failed);
    this.list.replaceChildren(...places.map((place) => this.line(place)));
    if (answer && places.length > 0) this.list.append(...this.contact(answer));
    this.show();
  }

  private line(place: Found): HTMLElement {
    const { words, description, view } = this.explorer;
    const buttons = waysTo(place, view.filter, description).map(({ key, value, change }) =>
      button(words.say(key, { metres: METRES, value }), () => void this.explorer.set(change), { class: "cp-ex-preset" }),
    );
    return make("li", {}, make("strong", {}, place.label), make("div", { class: "cp-ex-presets" }, ...buttons));
  }

  private contact({ contact }: Answer): HTMLElement[] {
    const how = [contact.name, contact.phone, contact.email].filter(Boolean).join(", ");
    return how ? [make("li", { class: "cp-small" }, this.explorer.words.say("who_to_call", { department: contact.department, how }))] : [];
  }
}
