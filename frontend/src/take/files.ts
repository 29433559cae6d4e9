/** Files of the rows of a filter, a link each. In: the server's links. Out: links that follow the filter. */
import type { Face, View } from "../explorer";
import { make } from "../page";

export class Files implements Face {
  readonly element = make("p", { class: "cp-buttons" });
  private shown: string | null = null;

  show({ description, question }: View): void {
    if (question === this.shown) return;
    this.shown = question;
    const links = description.formats.map(({ extension, title, address }) => {
      const link = make("a", { class: "cp-button", rel: "nofollow", href: question ? `${address}?${question}` : address, "data-format": extension });
      link.append(make("span", { "aria-hidden": "true" }, "↓"), ` ${title}`);
      return link;
    });
    this.element.replaceChildren(...links);
  }
}

/** Mount the links in the place of the server's. */
export function mount(element: HTMLElement): Face {
  const files = new Files();
  element.replaceChildren(files.element);
  return files;
}
