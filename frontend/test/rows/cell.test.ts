import { describe, expect, it } from "vitest";
import type { Column } from "../../src/description";
import { cell, moment } from "../../src/rows/cell";
import { Words } from "../../src/words";
import { TABLE } from "../helpers/table";

const column = (name: string, type: string, values: Record<string, string> = {}): Column => ({ name, title: name, type, values });

const english = new Words(TABLE);
const spanish = new Words({ ...TABLE, language: "es" });

describe("a time", () => {
  it.each([
    ["minute", "Nov 24, 2026, 11:30 PM"],
    ["hour", "Nov 24, 2026, 11 PM"],
    ["date", "Nov 24, 2026"],
    ["month", "November 2026"],
    [undefined, "Nov 24, 2026, 11:30 PM"],
    ["toString", "Nov 24, 2026, 11:30 PM"],
  ])("is the department's own and no finer than %s", (precision, says) => {
    expect(moment("2026-11-24T23:30:00-05:00", precision, english).replaceAll("\u202f", " ")).toBe(says);
  });

  it("has an hour that is seen to be one in Spanish too", () => {
    expect(moment("2026-11-24T05:00:00-05:00", "hour", spanish)).toBe("24 nov 2026, 5 h");
    expect(moment("2026-11-24T05:30:00-05:00", "minute", spanish)).toBe("24 nov 2026, 5:30");
  });

  it.each([["2026-01-01", "Quarter 1, 2026"], ["2026-10-01T00:00:00-04:00", "Quarter 4, 2026"]])("is no finer than a quarter: %s", (day, says) => {
    expect(moment(day, "quarter", new Words({ ...TABLE, words: { quarter_of: "Quarter {quarter}, {year}" } }))).toBe(says);
  });

  it("is left as it is where it is none", () => {
    expect([moment("soon", "hour", english), moment("2026-11-24", undefined, english)]).toEqual(["soon", "Nov 24, 2026"]);
  });
});

describe("a cell", () => {
  it.each(["constructor", "toString", "__proto__"])("that says %s says so", (text) => {
    const words = new Words({ ...TABLE, columns: [column("kind", "string", { Alarm: "Alarma" })] });
    expect(cell({ kind: text }, column("kind", "string", { Alarm: "Alarma" }), TABLE, words)).toBe(text);
    expect(words.value("kind", text)).toBe(text);
  });

  it("is put in words", () => {
    const row = { when: "2026-11-01T00:00:00-04:00", precision: "month", kind: "Alarm", event: false, n: 1234.5, x: null };
    const columns = [
      column("when", "datetime"), column("kind", "string", { Alarm: "Alarma" }), column("event", "boolean"),
      column("n", "number"), column("x", "string"), column("gone", "string"),
    ];
    const words = new Words(TABLE);
    expect(columns.map((one) => cell(row, one, TABLE, words))).toEqual(["November 2026", "Alarma", "no", "1,234.5", "", ""]);
  });
});
