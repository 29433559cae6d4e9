/** The counts in words. In: the view. Out: sentences, the first of which is read aloud when the filter was changed. */
import type { Face, View } from "../explorer";
import { busy, keepHeight, make } from "../page";
import { sentences } from "./sentences";

class Numbers implements Face {
  private readonly list: HTMLElement;
  private readonly live: HTMLElement;
  private readonly servers: readonly string[];
  private said: View | null = null;

  constructor(element: HTMLElement) {
    this.list = make("div", { class: "cp-ex-numbers" });
    this.live = make("p", { role: "status", class: "cp-hidden" });
    // The server's own words stand there until ours do.
    this.servers = [...element.children].map((child) => child.textContent);
    this.list.append(...element.childNodes);
    element.replaceChildren(this.list, this.live);
    keepHeight(this.list);
  }

  show(view: View): void {
    busy(this.list, view.state === "asked");
    if (view.state === "failed") this.fail(view.problem);
    else if (view.cube) this.write(sentences(view));
    if (view.state !== "asked" && this.said?.cube !== view.cube) {
      this.live.textContent = this.list.firstElementChild?.textContent ?? "";
      this.said = view;
    }
  }

  /** The server counted the first filter itself: its words hold. */
  private fail(problem: string): void {
    this.write(this.said ? [problem] : [...new Set([...this.servers.map((text) => text.trim()), problem])]);
  }

  private write(texts: readonly string[]): void {
    if ([...this.list.children].map((child) => child.textContent).join("\n") === texts.join("\n")) return;
    this.list.replaceChildren(...texts.map((text) => make("p", {}, text)));
  }
}

/** Mount the face that says the counts in words. */
export function mount(element: HTMLElement): Face {
  return new Numbers(element);
}
