/** What a reader takes along: the link, a file, a call of the API, a feed of new rows; all for the very filter. */
import { copied } from "../copy";
import type { Explorer, Face, View } from "../explorer";
import { button, make } from "../page";
import { addressOf, calls, whyNoFeed } from "./calls";
import { Files } from "./files";

class Take implements Face {
  private readonly files = new Files();
  private readonly api = make("div", { class: "cp-ex-calls" });
  private readonly feed = make("div");
  private readonly said = make("p", { role: "status", class: "cp-ex-said" });
  private shown: string | null = null;

  constructor(element: HTMLElement, { words }: Explorer) {
    const link = button(words.say("copy_link"), () => void this.copy(here()));
    const share = button(words.say("share"), () => void navigator.share({ url: here(), title: document.title }).catch(() => undefined));
    share.hidden = !("share" in navigator);
    const details = make("details", { class: "cp-ex-group" }, make("summary", {}, words.say("use_api")), this.api);
    element.replaceChildren(make("p", { class: "cp-buttons" }, link, share), this.said, this.files.element, details, this.feed);
    this.words = words;
  }

  private readonly words: Explorer["words"];

  show(view: View): void {
    if (view.question === this.shown) return;
    this.shown = view.question;
    this.said.textContent = "";
    this.files.show(view);
    this.api.replaceChildren(...calls(view.description, view.question, location.origin).flatMap(({ key, text }) => this.call(key, text)));
    this.showFeed(view);
  }

  private call(key: string, text: string): HTMLElement[] {
    const title = this.words.say(key);
    const copy = button(this.words.say("copy"), () => void this.copy(text));
    copy.append(make("span", { class: "cp-hidden" }, `: ${title}`));
    return [make("h3", {}, title), make("pre", { class: "cp-code", tabindex: 0, "aria-label": title }, text), copy];
  }

  private showFeed(view: View): void {
    const { filter, description, question, words } = view;
    const why = whyNoFeed(filter, description);
    if (!description.services.feed) return;
    if (why) {
      const off = make("button", { type: "button", class: "cp-button", "aria-disabled": "true", "aria-describedby": "ex-feed" }, words.say("subscribe"));
      this.feed.replaceChildren(off, make("p", { id: "ex-feed", class: "cp-small" }, words.say(why)));
      return;
    }
    const link = make("a", { class: "cp-button", rel: "nofollow", href: addressOf(description.services.feed, question, "") }, words.say("subscribe"));
    this.feed.replaceChildren(link, make("p", { class: "cp-small" }, words.say("feed_note")));
  }

  private async copy(text: string): Promise<void> {
    this.said.textContent = await copied(text, this.words);
  }
}

/** The address of the filter, whatever part of the page was jumped to. */
function here(): string {
  return location.href.replace(/#.*$/, "");
}

/** Mount what a reader takes along in the place of the server's links. */
export function mount(element: HTMLElement, explorer: Explorer): Face {
  return new Take(element, explorer);
}
