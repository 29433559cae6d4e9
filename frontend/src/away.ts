/**
 * What a page says where the portal does not answer: a notice that stands beside whatever is seen, with a button. It is
 * asked again by itself as well, more and more seldom, so that many open pages do not keep a busy portal down.
 */
import type { Explorer, Face, View } from "./explorer";
import { make, plainButton } from "./page";

/** Milliseconds until it is asked again, at first and at most. */
const [FIRST, MOST] = [15_000, 300_000];

export class Away implements Face {
  private readonly root: HTMLElement;
  private readonly explorer: Explorer;
  private readonly element: HTMLElement;
  private question = "";
  private wait = FIRST;
  private timer = 0;

  /** `root` is the element of an explorer; the notice stands behind its numbers in words. */
  constructor(root: HTMLElement, explorer: Explorer) {
    this.root = root;
    this.explorer = explorer;
    const { words } = explorer;
    const button = plainButton(words.say("again"), () => this.again(), { class: "cp-button" });
    const text = make("p", { role: "status" }, words.say("away"));
    this.element = make("div", { class: "cp-ex-away", hidden: true }, text, button);
    const numbers = root.querySelector('[data-cpdi-face="numbers"]');
    if (numbers) numbers.after(this.element);
    else root.append(this.element);
    addEventListener("online", () => this.isShown && this.again());
  }

  show({ lacking, state, question }: View): void {
    if (question !== this.question) this.wait = FIRST;
    this.question = question;
    // Numbers of the filter before would be taken for those of this one.
    this.root.toggleAttribute("data-stale", state === "failed");
    if (state === "there") this.root.removeAttribute("data-refused");
    if (lacking) this.appear();
    else if (state !== "asked") this.vanish();
  }

  private get isShown(): boolean {
    return !this.element.hidden;
  }

  private appear(): void {
    this.element.hidden = false;
    if (this.timer) return;
    this.timer = window.setTimeout(() => this.ring(), this.wait);
    this.wait = Math.min(2 * this.wait, MOST);
  }

  private vanish(): void {
    if (!this.isShown) return;
    this.stop();
    // Who pressed the button by key stays on the page.
    if (this.element.contains(document.activeElement)) this.root.querySelector<HTMLElement>("a, summary")?.focus({ preventScroll: true });
    this.element.hidden = true;
  }

  /** A page that nobody sees asks nobody. */
  private ring(): void {
    if (document.hidden) this.timer = window.setTimeout(() => this.ring(), FIRST);
    else this.again();
  }

  private again(): void {
    this.stop();
    void this.explorer.again();
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
  }
}
