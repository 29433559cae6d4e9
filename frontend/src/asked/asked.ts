/**
 * The filter of a view of CKAN's in words, with the way to the whole page under it. A view is not in the address, so that
 * back and forward are the host page's: it has a way of its own back to the filter that staff gave it.
 */
import { conditions } from "../bar/active";
import type { Explorer, Face, View } from "../explorer";
import { button } from "../page";

class Asked implements Face {
  private readonly explorer: Explorer;
  private readonly first: View;
  private readonly text: HTMLElement | null;
  private readonly whole: HTMLAnchorElement | null;
  private readonly back: HTMLButtonElement;

  constructor(element: HTMLElement, explorer: Explorer) {
    this.explorer = explorer;
    this.first = explorer.view;
    this.text = element.querySelector("[data-asked]");
    this.whole = element.querySelector("a");
    this.back = button(explorer.words.say("as_set"), () => void this.goBack(), { hidden: true });
    element.append(this.back);
  }

  show(view: View): void {
    const said = conditions(view).map(({ text }) => text);
    const sentence = said.length > 0 ? view.words.say("filter_said", { conditions: said.join(" · ") }) : "";
    if (this.text && this.text.textContent !== sentence) this.text.textContent = sentence;
    this.text?.toggleAttribute("hidden", !sentence);
    this.back.hidden = view.question === this.first.question;
    if (this.whole) this.whole.href = this.explorer.wholePage;
  }

  private async goBack(): Promise<void> {
    // The button goes with what it undoes: whoever uses keys stays beside it.
    this.whole?.focus();
    await this.explorer.set(this.first.filter);
  }
}

/** Mount it where the server says the filter. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Asked(element, explorer);
}
