/**
 * What the address points at, such as `#ex-rows`, stays at the top while parts come in above it, until the reader does
 * something.
 */
import { target } from "./page";

const DEEDS = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** Keep the target of the address where it is, whatever grows in `root` or among the sections beside it. */
export function keepTarget(root: Element): void {
  const wanted = target();
  if (!wanted || !root.contains(wanted)) return;
  const grown = new ResizeObserver(() => wanted.scrollIntoView({ behavior: "instant" }));
  const done = new AbortController();
  const leave = (): void => {
    grown.disconnect();
    done.abort();
  };
  for (const deed of DEEDS) addEventListener(deed, leave, { signal: done.signal, passive: true, capture: true });
  for (const part of [root, ...(wanted.parentElement?.parentElement?.children ?? [])]) grown.observe(part);
}
