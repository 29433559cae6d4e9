/** Bars of counts over time as one SVG path. In: numbers. Out: path data in a box of 1 by 1, from the left. */

/** Return the path of `counts`, the highest of which reaches the top. */
export function barsPath(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  const width = 1 / Math.max(1, counts.length);
  const short = (value: number): string => value.toFixed(5);
  return counts
    .map((n, place) => (n > 0 ? `M${short(place * width)} 1V${short(1 - n / most)}H${short((place + 0.86) * width)}V1Z` : ""))
    .join("");
}
