/** Small parts of pages. What a row says is always put in as text, whatever it looks like. */

/** Make an element with attributes and children; a text becomes text. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick" || key === "onchange") element.addEventListener(key.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A square or dot of a colour: the policy of our pages allows no style in the markup. */
export function swatch(colour, shape) {
  const element = make("span", { class: `cp-swatch cp-${shape}`, "aria-hidden": "true" });
  element.style.background = colour;
  return element;
}

/** Load a style sheet once; resolves when it is there. */
export function styleSheet(href) {
  const there = [...document.styleSheets].some((one) => one.href === href);
  if (there) return Promise.resolve();
  return new Promise((done, failed) => {
    const link = make("link", { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", failed);
    document.head.append(link);
  });
}
