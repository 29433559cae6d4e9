import { expect, it } from "vitest";
import { cellsOf, has, linesFor } from "../../src/compare/weeks";
import { dayNumber } from "../../src/counts/days";
import { chooseValues, EVERYTHING } from "../../src/filter/filter";
import { Words } from "../../src/words";
import { DESCRIPTION } from "../helpers/sample";

it("keeps room for the categories that are chosen, or for all of them", () => {
  const counted = [{ name: "kind", values: 30, title: "Kind", population: {} }];
  const description = { ...DESCRIPTION, counted, category: "kind" };
  const lines = (...chosen: string[]) => linesFor({ filter: chooseValues(EVERYTHING, "kind", chosen), description });
  expect(lines() - lines("Traffic", "Alarm")).toBe(28);
});

it("says no number of days that the table does not have, of which none would be a fall to nothing", () => {
  const begins = dayNumber("2026-09-01");
  const had = ["2025-11-22", "2026-08-31", "2026-09-01"].map((first) => has(begins, { first }));
  expect(had).toEqual([false, false, true]);
  expect(cellsOf([[319, 0], [5, 2], [3, 2]], had, new Words(DESCRIPTION))).toEqual([319, "–", "–", 5, "–", "–", 3, 2, "+50%"]);
});
