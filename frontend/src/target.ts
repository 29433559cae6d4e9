/**
 * What the address points at, such as `#ex-rows`, stays at the top while parts come in above it, until the reader does
 * something. So it is when the page is opened, and when a link on it was pressed: who passes a map has it loaded.
 */
import { target } from "./page";

const DEEDS = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** Keep the target of the address where it is, whatever grows in `root` or among the sections beside it. */
export function keepTarget(root: Element): void {
  let leave = keep(root);
  addEventListener("hashchange", () => {
    leave();
    leave = keep(root);
  });
}

/** Keep the present target; return what lets it go. */
function keep(root: Element): () => void {
  const wanted = target();
  if (!wanted || !root.contains(wanted)) return () => undefined;
  const sizes = new Map<Element, number>();
  // Each part is told of once before it grows: the way to the target may be a smooth one.
  const grown = new ResizeObserver((entries) => {
    const changed = entries.filter(({ target: part, contentRect }) => (sizes.get(part) ?? contentRect.height) !== contentRect.height);
    for (const { target: part, contentRect } of entries) sizes.set(part, contentRect.height);
    if (changed.length > 0) wanted.scrollIntoView({ behavior: "instant" });
  });
  const done = new AbortController();
  const leave = (): void => {
    grown.disconnect();
    done.abort();
  };
  for (const deed of DEEDS) addEventListener(deed, leave, { signal: done.signal, passive: true, capture: true });
  for (const part of [root, ...(wanted.parentElement?.parentElement?.children ?? [])]) grown.observe(part);
  return leave;
}
