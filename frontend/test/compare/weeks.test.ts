import { expect, it } from "vitest";
import { cellsOf, linesFor } from "../../src/compare/weeks";
import { chooseValues, EVERYTHING } from "../../src/filter/filter";
import { Words } from "../../src/words";
import { DESCRIPTION } from "../helpers/sample";

it("keeps room for the categories that are chosen, or for all of them", () => {
  const counted = [{ name: "kind", values: 30, title: "Kind", population: {} }];
  const description = { ...DESCRIPTION, counted, category: "kind" };
  const lines = (...chosen: string[]) => linesFor({ filter: chooseValues(EVERYTHING, "kind", chosen), description });
  expect(lines() - lines("Traffic", "Alarm")).toBe(28);
});

it("says no number of days that the table does not have, of which 0 would be a fall to nothing", () => {
  expect(cellsOf([[319, null], [5, 0], [3, 2]], new Words(DESCRIPTION))).toEqual([319, "–", "–", 5, 0, "–", 3, 2, "+50%"]);
});
