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
export function button(text: string, done: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = make("button", { type: "button", ...attributes, class: `cp-button ${attributes["class"] ?? ""}`.trim() }, text);
  element.addEventListener("click", done);
  return element;
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
