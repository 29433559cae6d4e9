import { describe, expect, it } from "vitest";
import { Cube } from "../../src/counts/cube";
import { dayNumber } from "../../src/counts/days";
import type { CountsDocument } from "../../src/counts/document";
import type { View } from "../../src/explorer";
import { EVERYTHING, type Filter } from "../../src/filter/filter";
import { sentences } from "../../src/numbers/sentences";
import { Words } from "../../src/words";
import { DESCRIPTION, tenDays } from "../helpers/sample";

function view(document: CountsDocument, range?: { first: number; end: number }): View {
  const cube = new Cube(document);
  const words = new Words(DESCRIPTION);
  const rest = { description: DESCRIPTION, words, filter: EVERYTHING, question: "", looks: new Map(), state: "there", problem: "", lacking: false, attempt: 0 } as const;
  return { ...rest, cube, range: range ?? cube.whole };
}

/** The sample with `now` rows on the days of its period, and `then` on those a year before. */
function withDays(now: number, then: number): CountsDocument {
  const document = tenDays();
  const first = dayNumber(document.days!.first);
  const counts = document.days!.counts.map(() => 0);
  counts[dayNumber("2026-01-30") - first] = now;
  counts[dayNumber("2025-01-30") - first] = then;
  return { ...document, days: { first: "2025-01-01", counts } };
}

describe("numbers in words", () => {
  it("compare the months of a table whose rows show no days", () => {
    const empty = Array.from({ length: 731 }, () => 0);
    const coarse = Array.from({ length: 24 }, (_, month) => (month < 12 ? 2 : 3));
    const document: CountsDocument = {
      ...tenDays(), bin: "month", bins: 12, period: { first: "2025-01-01", last: "2025-12-31" }, dimensions: [],
      days: { first: "2024-01-01", counts: empty, coarse }, total: { counts: coarse.slice(12), coarse: coarse.slice(12) },
    };
    expect(sentences({ ...view(document), description: { ...DESCRIPTION, finest: "month" } })).toEqual(["36 calls, Jan 1, 2025 to Dec 31, 2025", "50% more (24)"]);
  });

  it("say rows and days, the most frequent kind, and what shows no day", () => {
    expect(sentences(view(tenDays()))).toEqual([
      "64 calls, Jan 26, 2026 to Feb 4, 2026",
      "as many (10)",
      "most: Traffic stops (14)",
      "9 months only",
    ]);
  });

  it("say which category has most of those that are asked for, and nothing where one is", () => {
    const said = (filter: Partial<Filter>) => sentences({ ...view(tenDays()), filter: { ...EVERYTHING, ...filter } }).join();
    expect(said({ columns: new Map([["kind", ["O'Neil", "Else"]]]) })).toContain("most: O'Neil (14)");
    expect(said({ columns: new Map([["kind", ["O'Neil"]]]) })).not.toContain("most");
    expect(said({ kept: [["kind__empty", "no"]] })).not.toContain("most");
  });

  it("say one row as one", () => {
    expect(sentences(view(tenDays(), { first: 0, end: 1 }))[0]).toBe("1 call, Jan 26, 2026");
  });

  it("say no days where the table has none of those that are asked for", () => {
    const none = { ...tenDays(), rows: 0, period: null, bins: 0, total: null, dimensions: [], unplaced: null } as unknown as CountsDocument;
    expect(sentences(view(none))[0]).toBe("0 calls: no such days");
  });

  it.each([
    [1091, 1200, "9% fewer (1,200)"],
    [1212, 1200, "1% more (1,200)"],
    [1203, 1200, "as many (1,200)"],
    [5, 0, "none then"],
  ])("compare %d rows that show their day with %d a year before", (now, then, said) => {
    expect(sentences(view(withDays(now, then)))[1]).toBe(said);
  });

  it("say breaks and gaps in the days, and between them and those a year before", () => {
    const text = { en: "New codes.", es: "Códigos nuevos." };
    const noted = {
      ...tenDays(),
      breaks: [{ first: "2026-02-01", last: null, text }],
      gaps: [{ first: "2025-06-01", last: "2025-06-03", text: null }],
    };
    expect(sentences(view(noted)).slice(4)).toEqual(["Feb 1, 2026: New codes.", "mind Jun 1, 2025 to Jun 3, 2025: no rows"]);
    expect(sentences(view(noted, { first: 0, end: 2 })).join()).not.toContain("New codes");
  });

  it("compare with no day before the table's first", () => {
    const young = { ...tenDays(), days: { first: "2025-01-27", counts: [1, 1, 1] } };
    expect(sentences(view(young)).join()).not.toMatch(/as many|more|fewer|none then/);
  });
});
