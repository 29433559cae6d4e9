/** What makes a series hard to read: declared breaks, days without rows. In: a series. Out: sentences. */
import { dayNumber } from "../../counts/days";
import type { SeriesNote } from "../../counts/document";
import type { Words } from "../../words";
import type { Span } from "./grain";
import type { Series } from "./series";

/** Return the notes that lie within a span, in the order of their days. */
export function within(notes: readonly SeriesNote[], { first, last }: Span): SeriesNote[] {
  return notes.filter((note) => dayNumber(note.first) <= last && dayNumber(note.last ?? note.first) >= first).sort((one, other) => (one.first < other.first ? -1 : 1));
}

/** Return whether a break lies between the days that are compared, or within them: the numbers are not of one kind. */
export function isBroken({ breaks, then, span }: Series): boolean {
  return then !== null && breaks.some((note) => dayNumber(note.first) > Math.min(then.first, span.first) && dayNumber(note.first) <= Math.max(span.last, then.last));
}

/** Return whether days that are compared lie in a gap. */
export function isGappy({ gaps, then, span }: Series): boolean {
  return then !== null && [span, then].some((days) => within(gaps, days).length > 0);
}

/** Return a sentence for each break and gap that lies in the series, and for a comparison across one. */
export function notesOf(series: Series, words: Words, language: string): string[] {
  const breaks = within(series.breaks, series.span).map((note, at) => words.say("chart_break", { at: at + 1, day: words.day(dayNumber(note.first)), text: textOf(note, language) }));
  const gaps = within(series.gaps, series.span).map((note) =>
    words.say(note.text ? "chart_gap" : "chart_gap_unknown", { days: words.days(dayNumber(note.first), dayNumber(note.last ?? note.first)), text: textOf(note, language) }),
  );
  return [
    ...breaks,
    ...gaps,
    ...(isBroken(series) ? [words.say("chart_across_break")] : []),
    ...(isGappy(series) ? [words.say("chart_across_gap")] : []),
  ];
}

function textOf({ text }: SeriesNote, language: string): string {
  return (text && (language.startsWith("es") ? text.es : text.en)) ?? text?.en ?? "";
}
