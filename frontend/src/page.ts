/** Small parts of pages. What a row says is always put in as text, whatever it looks like. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

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
