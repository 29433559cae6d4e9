/**
 * An address box that asks the portal's own places: block, team, areas, and who answers questions. In: what somebody
 * writes. Out: ways to narrow the filter to what was found.
 */
import { AREA, type Description } from "../description";
import type { Explorer } from "../explorer";
import { chooseValues, type Filter, type Position } from "../filter/filter";
import { METRES, rounded } from "../filter/near";
import { button, labelled, make } from "../page";
import { answerOf, ServiceError } from "../service";
import type { Words } from "../words";
import type { Control } from "./control";

/** A place as `/data/places/search` has it; `match` is "street" for another block of the street that was asked for. */
export interface Found {
  readonly match: "block" | "street" | "place";
  readonly label: string;
  readonly team: string | null;
  readonly point: Position | null;
  readonly areas: Readonly<Record<string, string>>;
}

interface Answer {
  readonly places: readonly Found[];
  readonly contact: Contact;
}

interface Contact {
  readonly department: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly url: string;
}

/** A way to narrow the filter; `key` names its words, `value` what they are of. */
export interface Way {
  readonly key: "near_block" | "this_block" | "of_area";
  readonly value: string;
  readonly change: Partial<Filter>;
}

/** Return the ways to narrow `filter` to a place. */
export function waysTo(place: Found, filter: Filter, { team, block, placed }: Pick<Description, "team" | "block" | "placed">): Way[] {
  const only = (column: string, value: string): Partial<Filter> => ({ columns: chooseValues(filter, column, [value]).columns });
  const areas = Object.entries(place.areas).map(([layer, value]): Way => ({ key: "of_area", value, change: only(AREA + layer, value) }));
  return [
    ...(place.point && placed ? [{ key: "near_block", value: "", change: { near: { at: rounded(place.point), metres: METRES } } } as const] : []),
    ...(block ? [{ key: "this_block", value: "", change: only(block, place.label) } as const] : []),
    ...(team && place.team ? [{ key: "of_area", value: place.team, change: only(team, place.team) } as const] : []),
    ...areas,
  ];
}

/** Return what a place lies in, the team first: what each is called, and its name. */
export function liesIn(place: Found, { team }: Pick<Description, "team">, words: Words): string[] {
  const named = place.team ? [[words.column(team || "team"), place.team]] : [];
  const areas = Object.entries(place.areas).map(([layer, name]) => [words.column(AREA + layer), name]);
  return [...named, ...areas].map(([title, name]) => `${title ?? ""}: ${name ?? ""}`);
}

const MOST = 5;

export class Address implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly field = make("input", { type: "search", maxlength: 100, autocomplete: "street-address" });
  private readonly said = make("p", { role: "status", class: "cp-ex-said" });
  private readonly list = make("ul", { class: "cp-ex-found" });
  private underWay = new AbortController();

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

  /** Ask for `text`; an answer that is late, since something else was asked for meanwhile, shows nothing. */
  private async find(text: string): Promise<void> {
    const { words, description } = this.explorer;
    this.underWay.abort();
    const { signal } = (this.underWay = new AbortController());
    this.list.replaceChildren();
    this.said.textContent = "";
    this.show();
    if (!text) return;
    try {
      const response = await answerOf(`${description.services.places}?${new URLSearchParams({ q: text }).toString()}`, signal);
      this.answer((await response.json()) as Answer);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ServiceError && error.status === 404) this.answer(null);
      else this.said.textContent = words.say("address_unanswered");
    }
  }

  private answer(answer: Answer | null): void {
    const { words } = this.explorer;
    const places = answer?.places.slice(0, MOST) ?? [];
    const others = places.every((place) => place.match === "street") ? "address_near" : "address_found";
    this.said.textContent = places.length > 0 ? words.count(others, places.length) : words.say("address_none");
    this.list.replaceChildren(...places.map((place) => this.line(place)));
    if (answer) this.list.append(this.contact(answer.contact));
    this.show();
  }

  private line(place: Found): HTMLElement {
    const { words, description, view } = this.explorer;
    const buttons = waysTo(place, view.filter, description).map(({ key, value, change }) =>
      button(words.say(key, { metres: METRES, value }), () => void this.explorer.set(change), { class: "cp-ex-preset" }),
    );
    const where = liesIn(place, description, words).join(" · ");
    return make("li", {}, make("strong", {}, place.label), make("p", { class: "cp-small" }, where), make("div", { class: "cp-ex-presets" }, ...buttons));
  }

  /** Who answers questions: the department, and each way to it as what a telephone or a browser can follow. */
  private contact({ department, name, phone, email, url }: Contact): HTMLElement {
    const ways = [
      url ? make("a", { href: url }, department) : department,
      name,
      phone && make("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone),
      email && make("a", { href: `mailto:${email}` }, email),
    ].filter(Boolean);
    return make("li", { class: "cp-small" }, this.explorer.words.say("who_to_call"), ...ways.flatMap((way, at) => [at > 0 ? ", " : " ", way]));
  }
}
