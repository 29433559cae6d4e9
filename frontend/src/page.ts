/** Small parts of pages. What a row says is always put in as text, whatever it looks like. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Counts up, so that each control of a page has a name of its own. */
let made = 0;

/** Return an id that no other element of the page has. */
export function ownId(kind: string): string {
  made += 1;
  return `ex-${kind}-${made}`;
}

/** A button with a text that does something. */
export function button(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return plainButton(text, act, { ...attributes, class: `cp-button ${attributes["class"] ?? ""}`.trim() });
}

/** A control under its label. */
export function labelled(title: string, control: HTMLElement): HTMLElement {
  control.id ||= ownId("control");
  return make("div", { class: "cp-ex-field" }, make("label", { for: control.id }, title), control);
}

/** Make an element with attributes and children; true is an attribute without a value, false is none. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "boolean") element.toggleAttribute(key, value);
    else element.setAttribute(key, String(value));
  }
  element.append(...children);
  return element;
}

/** A button that has no look yet. */
export function plainButton(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = make("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", act);
  return element;
}

/** Say whether an element waits for what it is to show. */
export function busy(element: Element, waits: boolean): void {
  element.setAttribute("aria-busy", String(waits));
}

/**
 * Keep the height that an element had already, at the same width: what stands below does not move when it has less to show.
 * An element that opens by itself, such as details, must not lie in it.
 */
export function keepHeight(element: HTMLElement): void {
  let [width, height] = [0, 0];
  new ResizeObserver(([entry]) => {
    const box = entry?.borderBoxSize[0];
    if (!box) return;
    if (Math.abs(box.inlineSize - width) >= 1) {
      width = box.inlineSize;
      element.style.minHeight = "";
      height = element.offsetHeight;
    } else height = Math.max(height, box.blockSize);
    element.style.minHeight = `${height}px`;
  }).observe(element);
}

/** Resolve when the next frame has been handed over to be drawn. */
export function framed(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** Resolve when the next frame has been drawn, which is when the one after it begins: work in between would hold it up. */
export function drawn(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => void framed().then(done)));
}

/** A square or dot of a colour: the policy of our pages allows no style in the markup. */
export function swatch(colour: string, shape: "square" | "dot"): HTMLElement {
  const element = make("span", { class: `cp-swatch cp-${shape}`, "aria-hidden": "true" });
  element.style.background = colour;
  return element;
}

/** Load a style sheet once; resolves when it is there. */
export function styleSheet(href: string): Promise<void> {
  if ([...document.styleSheets].some((one) => one.href === href)) return Promise.resolve();
  return new Promise((done, failed) => {
    const link = make("link", { rel: "stylesheet", href });
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => failed(new Error(`${href} cannot be loaded`)));
    document.head.append(link);
  });
}

/** How far from what is seen something is loaded already. */
const NEAR = "400px";

/** What the address points at, such as `#ex-rows`; null where it points at nothing. */
export function target(): HTMLElement | null {
  return document.getElementById(location.hash.slice(1));
}

/** Call `act` once, when the reader is about to see `element`: at once where the address points at its heading. */
export function whenNear(element: Element, act: () => void): void {
  watchNear(element, (near, stop) => {
    if (!near) return;
    stop();
    act();
  });
}

/** Call `act` each time that the reader is about to see `element`, or no longer is, until it says stop. */
export function watchNear(element: Element, act: (near: boolean, stop: () => void) => void): void {
  const stop = (): void => watch.disconnect();
  const watch = new IntersectionObserver((entries) => act(entries.at(-1)?.isIntersecting ?? false, stop), { rootMargin: NEAR });
  watch.observe(element);
  if (target()?.parentElement?.contains(element)) act(true, stop);
}
