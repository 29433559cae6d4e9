/**
 * Near a place: 500 m around the reader, or a box or polygon that was drawn on the map. What leaves the browser is rounded
 * to 100 m: where somebody is, is theirs.
 */
import type { Explorer, View } from "../explorer";
import type { Position } from "../filter/filter";
import { button, make } from "../page";
import type { Control } from "./control";

export const METRES = 500;
const ROUNDED = 100;
const METRES_A_DEGREE = 111_320;

/** Return a position on a grid of 100 m. */
export function rounded([longitude, latitude]: Position): Position {
  const row = Math.round((latitude * METRES_A_DEGREE) / ROUNDED) * ROUNDED;
  const north = row / METRES_A_DEGREE;
  // The width of a degree is that of the row, so that every reader in it has the same grid.
  const width = METRES_A_DEGREE * Math.max(Math.cos((north * Math.PI) / 180), 1e-6);
  const east = (Math.round((longitude * width) / ROUNDED) * ROUNDED) / width;
  return [Number(east.toFixed(5)), Number(north.toFixed(5))];
}

export class Place implements Control {
  readonly element: HTMLElement;
  private readonly explorer: Explorer;
  private readonly said = make("p", { role: "status", class: "cp-ex-said" });
  private readonly me: HTMLButtonElement;
  /** Where the reader was found to be; a circle of a link or of an address is around somebody else's place. */
  private mine: Position | null = null;

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    const { words } = explorer;
    this.me = button(words.say("near_me", { metres: METRES }), () => this.find());
    this.me.hidden = !("geolocation" in navigator);
    const note = make("p", { class: "cp-small" }, words.say("near_note"));
    this.element = make("fieldset", { class: "cp-ex-set" }, make("legend", {}, words.say("place")), this.me, this.said, note);
  }

  show({ filter, words }: View): void {
    const { near } = filter;
    const at = near?.at.join() ?? "";
    this.me.setAttribute("aria-pressed", String(at !== "" && at === this.mine?.join()));
    if (at !== (this.said.dataset["at"] ?? "")) this.say(near ? words.say("near", { metres: near.metres }) : "", at);
  }

  /** Say something; `at` is the circle that it is about. */
  private say(text: string, at = ""): void {
    this.said.textContent = text;
    this.said.dataset["at"] = at;
  }

  private find(): void {
    const { words } = this.explorer;
    this.say(words.say("finding"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.mine = rounded([coords.longitude, coords.latitude]);
        void this.explorer.set({ near: { at: this.mine, metres: METRES } });
      },
      () => this.say(words.say("not_found")),
      { maximumAge: 60_000, timeout: 20_000 },
    );
  }
}
