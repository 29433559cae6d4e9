/**
 * Rows over time, and those of other days beside them. In: counts, a span of days. Out: a number for each day, week, month
 * or quarter. Rows that show their month only are in the month that they stand in; days and weeks leave them out.
 */
import type { Cube } from "../../counts/cube";
import { yearsLater } from "../../counts/days";
import type { SeriesNote } from "../../counts/document";
import { type Grain, isOfMonths, isWhole, parts, type Span } from "./grain";

/** What is beside: the same days a year before, as many days before, or nothing. */
export type Beside = "year" | "before" | "none";

export interface Bin extends Span {
  readonly n: number;
  /** The days that are beside, and their rows; null where the table has no such days. */
  readonly then: (Span & { readonly n: number }) | null;
  readonly whole: boolean;
}

export interface Series {
  readonly span: Span;
  readonly grain: Grain;
  readonly bins: readonly Bin[];
  /** Rows that show their month only: left out, or in `bins` where those are months. */
  readonly coarse: number;
  readonly total: number;
  /** The span beside, as far as the table has it, and the sums of the bins that have one; null without any. */
  readonly then: (Span & { readonly n: number; readonly of: number }) | null;
  readonly breaks: readonly SeriesNote[];
  readonly gaps: readonly SeriesNote[];
}

/** Return the series of `span` under the filter of `cube`, with other days of the same counts beside. */
export function series(cube: Cube, span: Span, grain: Grain, beside: Beside): Series {
  const months = isOfMonths(grain);
  return join(cube, span, grain, (bin) => inPeriod(cube, bin, months), (bin) => {
    const other = shifted(bin, span, beside);
    // Days that the table does not have are no days without rows.
    if (!other || other.first < cube.span.first || other.last > cube.span.last) return null;
    return { ...other, n: counted(cube, other, months) };
  });
}

/** Return the series of `span` under the filter of `cube`, with `other` of another one beside: first day by first day. */
export function seriesBeside(cube: Cube, span: Span, other: Cube, otherSpan: Span, grain: Grain): Series {
  const months = isOfMonths(grain);
  const theirs = parts(otherSpan, grain);
  let at = 0;
  return join(cube, span, grain, (bin) => inPeriod(cube, bin, months), () => {
    const bin = theirs[at++];
    return bin ? { ...bin, n: inPeriod(other, bin, months) } : null;
  });
}

type Counted = Span & { readonly n: number };

function join(cube: Cube, span: Span, grain: Grain, now: (bin: Span) => number, then: (bin: Span) => Counted | null): Series {
  const bins = parts(span, grain).map((bin) => ({ ...bin, n: now(bin), then: then(bin), whole: isWhole(bin, grain) }));
  const { breaks = [], gaps = [] } = cube.document;
  return {
    span, grain, bins, breaks, gaps,
    coarse: cube.coarseOn(span.first, span.last),
    total: sum(bins.map((bin) => bin.n)),
    then: beside(bins),
  };
}

function beside(bins: readonly Bin[]): Series["then"] {
  const compared = bins.flatMap((bin) => (bin.then ? [{ n: bin.n, then: bin.then }] : []));
  const [first, last] = [compared[0]?.then, compared.at(-1)?.then];
  if (!first || !last) return null;
  return { first: first.first, last: last.last, n: sum(compared.map((one) => one.then.n)), of: sum(compared.map((one) => one.n)) };
}

function counted(cube: Cube, { first, last }: Span, months: boolean): number {
  return cube.onDays(first, last) + (months ? cube.coarseOn(first, last) : 0);
}

function inPeriod(cube: Cube, { first, last }: Span, months: boolean): number {
  return cube.inPeriod(first, last) + (months ? cube.coarseOn(first, last) : 0);
}

function shifted({ first, last }: Span, span: Span, beside: Beside): Span | null {
  if (beside === "none") return null;
  if (beside === "year") return { first: yearsLater(first, -1), last: yearsLater(last, -1) };
  const days = span.last - span.first + 1;
  return { first: first - days, last: last - days };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
