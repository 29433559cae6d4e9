/** Round numbers for an axis of counts. */

/** Return ascending marks from 0 on, of which the last is not below `most`; about `wanted` steps of 1, 2, 2.5 or 5 × 10ⁿ. */
export function marks(most: number, wanted = 4, whole = true): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? 10 * power;
  const size = whole ? Math.max(1, Math.ceil(step)) : step;
  const steps = Math.ceil(most / size - 1e-9);
  return Array.from({ length: steps + 1 }, (_, at) => Number((at * size).toPrecision(12)));
}

/** Return the place of a value: the class of `classes` equal shares of `most` that it is in, from 1 on; 0 for none. */
export function classOf(value: number, most: number, classes: number): number {
  return value <= 0 ? 0 : Math.min(classes, Math.max(1, Math.ceil((value / most) * classes)));
}
