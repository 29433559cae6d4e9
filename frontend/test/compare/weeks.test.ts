import { expect, it } from "vitest";
import { linesFor } from "../../src/compare/weeks";
import { chooseValues, EVERYTHING } from "../../src/filter/filter";
import { DESCRIPTION } from "../helpers/sample";

it("keeps room for the categories that are chosen, or for all of them", () => {
  const counted = [{ name: "kind", values: 30, title: "Kind", population: {} }];
  const description = { ...DESCRIPTION, counted, category: "kind" };
  const lines = (...chosen: string[]) => linesFor({ filter: chooseValues(EVERYTHING, "kind", chosen), description });
  expect(lines() - lines("Traffic", "Alarm")).toBe(28);
});
