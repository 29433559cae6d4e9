/** The heads of columns: each sorts by its column, and says what it means. */
import type { Column, Description } from "../description";
import { make, ownId, plainButton } from "../page";
import type { Words } from "../words";
import type { Look } from "./look";

/** Return the row of heads; `sort` is called with the column that rows are to be sorted by. */
export function heads({ columns, sorted, descending }: Look, description: Description, words: Words, sort: (column: Column) => void): HTMLElement[] {
  return columns.map((column) => {
    const by = column.name === sorted;
    const arrow = make("span", { "aria-hidden": "true" }, by ? (descending ? " ↓" : " ↑") : "");
    const order = plainButton(column.title, () => sort(column), { class: "cp-tb-sort", "data-sort": column.name });
    order.append(arrow);
    const head = make("th", { scope: "col", class: `cp-tb-${kindOf(column)}`, ...(by ? { "aria-sort": descending ? "descending" : "ascending" } : {}) });
    head.append(make("div", {}, order, ...meaning(column, description.meanings[column.name] ?? "", words)));
    return head;
  });
}

/** Return how wide a column is: rows that come later change no width. */
export function kindOf({ type, values }: Column): "time" | "number" | "text" {
  if (type === "datetime" || type === "date") return "time";
  return (type === "number" || type === "integer" || type === "boolean") && Object.keys(values).length === 0 ? "number" : "text";
}

/** Return a button that opens what a column means, which the Escape key closes. */
function meaning({ title }: Column, text: string, words: Words): HTMLElement[] {
  if (!text) return [];
  const id = ownId("meaning");
  const box = make("div", { id, popover: "auto", class: "cp-tb-meaning" }, make("p", {}, make("strong", {}, title)), make("p", {}, text));
  return [plainButton("?", () => undefined, { class: "cp-tb-what", popovertarget: id, "aria-label": words.say("means", { title }) }), box];
}
