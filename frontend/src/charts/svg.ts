/** Shapes of drawings, which are made once and changed where they differ: a brush changes them at every movement. */

const SPACE = "http://www.w3.org/2000/svg";

export type Attributes = Readonly<Record<string, string | number>>;

const written = new WeakMap<Element, Map<string, string>>();
const texts = new WeakMap<Element, string>();

/** Make a shape with attributes and children. */
export function shape<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: readonly Node[]): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SPACE, name);
  change(element, attributes);
  element.append(...children);
  return element;
}

/** Write those attributes that differ from what was written before. */
export function change(element: Element, attributes: Attributes): void {
  let known = written.get(element);
  if (!known) written.set(element, (known = new Map<string, string>()));
  for (const name in attributes) {
    const value = String(attributes[name]);
    if (known.get(name) === value) continue;
    known.set(name, value);
    element.setAttribute(name, value);
  }
}

/** Write a text where it differs. */
export function say(element: Element, text: string): void {
  if (texts.get(element) === text) return;
  texts.set(element, text);
  element.textContent = text;
}

/** Shapes of one kind, as many as are wanted at a time; others stay, and are not displayed. */
export class Pool<Shape extends SVGElement> {
  private readonly shapes: Shape[] = [];
  private readonly parent: Element;
  private readonly make: (at: number) => Shape;

  constructor(parent: Element, make: (at: number) => Shape) {
    this.parent = parent;
    this.make = make;
  }

  /** Return `count` shapes. */
  take(count: number): readonly Shape[] {
    while (this.shapes.length < count) {
      const made = this.make(this.shapes.length);
      this.shapes.push(made);
      this.parent.append(made);
    }
    this.shapes.forEach((one, at) => change(one, { display: at < count ? "inline" : "none" }));
    return this.shapes.slice(0, count);
  }
}
