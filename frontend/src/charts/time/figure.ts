/** A series in words and as a table. */
import type { Figure } from "../figure";
import type { View } from "../../explorer";
import type { Words } from "../../words";
import { showsDays } from "../../description";
import { type Grain, GRAIN_KEYS, isOfMonths, type Span } from "./grain";
import { notesOf } from "./notes";
import type { Beside, Bin, Series } from "./series";

/** What the series beside is called. */
export function besideName(words: Words, beside: Beside): string {
  return words.say({ year: "chart_beside_year", before: "chart_beside_before", none: "chart_beside_none" }[beside]);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** What a day, week, month or quarter is called. */
export function binName(words: Words, { first, last }: Span, grain: Grain): string {
  if (grain === "quarter") return words.quarter(first);
  if (grain === "month") return words.day(first, { year: "numeric", month: "long" });
  if (grain === "day") return words.day(first, { weekday: "short", year: "numeric", month: "short", day: "numeric" });
  return words.days(first, last);
}

/** What a reader at one bin is told. */
export function binSentence(view: Pick<View, "words">, bin: Bin, grain: Grain, other: string): string {
  const { words } = view;
  const here = words.say(bin.whole ? "chart_bin" : "chart_bin_part", { bin: binName(words, bin, grain), rows: words.rows(bin.n) });
  if (!bin.then) return here;
  return `${here} ${words.say("chart_bin_then", { other: capital(other), days: words.days(bin.then.first, bin.then.last), n: bin.then.n })}`;
}

/** Return the sentence, the notes and the table of a series; `other` is what the one beside is called. */
export function figure({ words, description }: Pick<View, "words" | "description">, series: Series, other: string): Figure {
  return {
    sentence: sentence(words, series, other),
    notes: [...(showsDays(description) ? coarse(words, series) : []), ...notesOf(series, words, description.language)],
    columns: [words.say(GRAIN_KEYS[series.grain]), description.many, ...(series.then ? [other, words.say("chart_days_beside")] : [])],
    rows: () => series.bins.map((bin) => [
      binName(words, bin, series.grain),
      bin.n,
      ...(series.then ? [bin.then?.n ?? null, bin.then ? words.days(bin.then.first, bin.then.last) : ""] : []),
    ]),
  };
}

function coarse(words: Words, { coarse: n, grain }: Series): string[] {
  if (n === 0) return [];
  return [isOfMonths(grain) ? words.count("chart_coarse_in", n) : words.count("chart_coarse_out", n)];
}

function sentence(words: Words, { bins, total, then, grain }: Series, other: string): string {
  const most = bins.reduce<Bin | null>((found, bin) => (found && found.n >= bin.n ? found : bin), null);
  if (!most || total === 0) return words.say("chart_nothing");
  const peak = words.say("chart_time", { rows: words.rows(total), bin: binName(words, most, grain), n: most.n });
  if (!then) return peak;
  const values = { other: capital(other), then: then.n, of: then.of, days: words.days(then.first, then.last), change: change(words, then.of, then.n) };
  return `${peak} ${words.say(then.of === total ? "chart_time_then" : "chart_time_then_part", values)}`;
}

/** Return a change in per cent with its sign; a dash where there was nothing before. */
export function change(words: Words, now: number, then: number): string {
  if (then === 0) return "–";
  const share = (now - then) / then;
  const sign = share >= 0.005 ? "+" : share <= -0.005 ? "−" : "±";
  return `${sign}${words.share(Math.abs(share))}`;
}
