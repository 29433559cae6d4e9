/** A window over bins, as keys and pointers change it. In: bins. Out: bins, always within the whole and never empty. */
import type { Range } from "../counts/sums";

/** Return the window from one bin to another, in either order, cut off at `bins`. */
export function between(one: number, other: number, bins: number): Range {
  const within = (bin: number): number => Math.max(0, Math.min(bins - 1, Math.floor(bin)));
  return { first: within(Math.min(one, other)), end: within(Math.max(one, other)) + 1 };
}

/** Return the window moved by `step` bins, which stops at either end. */
export function moved({ first, end }: Range, step: number, bins: number): Range {
  const by = Math.max(-first, Math.min(bins - end, step));
  return { first: first + by, end: end + by };
}

/** Return the window with its end moved by `step` bins. */
export function widened({ first, end }: Range, step: number, bins: number): Range {
  return { first, end: Math.max(first + 1, Math.min(bins, end + step)) };
}

/** Return the window after a key; null for a key that means nothing here. */
export function afterKey(key: string, shift: boolean, range: Range, bins: number): Range | null {
  const length = range.end - range.first;
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -length, PageUp: length, Home: -bins, End: bins };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (step === undefined) return null;
  return shift ? widened(range, step, bins) : moved(range, step, bins);
}
