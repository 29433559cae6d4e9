/** Near the reader: 500 m around where the browser says that they are. */
import type { Explorer, View } from "../explorer";
import type { Position } from "../filter/filter";
import { METRES, rounded } from "../filter/near";
import { button, make } from "../page";
import type { Control } from "./control";

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
