import { expect, test } from "vitest";
import { orderOf, readLook, writeColumns } from "../../src/table/look";
import { DESCRIPTION } from "../helpers/sample";

const read = (looks: Record<string, string>) => readLook(new Map(Object.entries(looks)), DESCRIPTION);
const names = (look: ReturnType<typeof read>) => look.columns.map(({ name }) => name);

test("without a word the latest rows come first, in the columns that are declared", () => {
  expect(orderOf(read({}))).toBe(`-${DESCRIPTION.time}`);
  expect(names(read({}))).toEqual(DESCRIPTION.columns.filter(({ name }) => DESCRIPTION.listed.includes(name)).map(({ name }) => name));
});

test("an order and columns are read, in the order of the declaration", () => {
  const [first = "", second = ""] = DESCRIPTION.columns.map(({ name }) => name);
  expect(orderOf(read({ sort: first }))).toBe(first);
  expect(orderOf(read({ sort: `-${second}` }))).toBe(`-${second}`);
  expect(names(read({ columns: `${second},${first}` }))).toEqual([first, second]);
  expect(read({ row: "4711" }).row).toBe(4711);
});

test.each(["nothing", "-", "kind;drop", ""])("what names no column is left unheeded: %s", (name) => {
  expect(orderOf(read({ sort: name }))).toBe(`-${DESCRIPTION.time}`);
  expect(names(read({ columns: name })).length).toBeGreaterThan(0);
  expect(read({ row: name }).row).toBeNull();
});

test("the columns that a table begins with are not written", () => {
  expect(writeColumns(names(read({})), DESCRIPTION)).toBe("");
  const [first = ""] = DESCRIPTION.listed;
  expect(writeColumns([first], { ...DESCRIPTION, listed: [] })).toBe(first);
});
