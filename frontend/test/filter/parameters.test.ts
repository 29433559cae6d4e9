import { describe, expect, it } from "vitest";
import { isColumn } from "../../src/description";
import { changeFilter, chooseValues, EVERYTHING, toggleValue } from "../../src/filter/filter";
import { type Grammar, readQuestion, writeFilter } from "../../src/filter/parameters";
import { DESCRIPTION } from "../helpers/sample";

const GRAMMAR: Grammar = { time: "call_datetime", precision: "time_precision", isColumn: (name) => isColumn(DESCRIPTION, name) };
const read = (query: string) => readQuestion(query, GRAMMAR).filter;
const write = (filter: Parameters<typeof writeFilter>[0]) => writeFilter(filter, GRAMMAR);

describe("a filter in a link", () => {
  const full = changeFilter(
    {
      ...EVERYTHING,
      from: "2026-01-01",
      to: "2026-11-28",
      words: "king & queen",
      columns: new Map([["team", ["Team 1", "O'Neil"]], ["area.neighborhood", ["East Side"]]]),
      hours: [22, 23, 0],
      weekdays: [0, 6],
    },
    { near: { at: [-79.931, 32.776], metres: 500 } },
  );

  it("is read as it was written", () => {
    expect(read(write(full))).toEqual(full);
  });

  it.each([
    "from=2025-13-45",
    "to=2025-02-29",
    "filter=hour(call_datetime) IN (NaN) AND time_precision IN ('minute', 'hour')",
    "filter=hour(call_datetime) IN (24) AND time_precision IN ('minute', 'hour')",
    "filter=weekday(call_datetime) IN (1.5) AND time_precision IN ('minute', 'hour', 'date')",
  ])("keeps what no calendar and no clock has as it was read, for the service to refuse: %s", (query) => {
    const at = query.indexOf("=");
    expect(read(query)).toEqual({ ...EVERYTHING, kept: [[query.slice(0, at), query.slice(at + 1)]] });
  });

  it("says its conditions on hours as CQL2 that leaves out rows without an hour", () => {
    expect(new URLSearchParams(write(full)).get("filter")).toBe(
      "hour(call_datetime) IN (22, 23, 0) AND weekday(call_datetime) IN (0, 6) AND time_precision IN ('minute', 'hour')" +
        " AND S_DWITHIN(geometry, POINT(-79.931 32.776), 500, 'm')",
    );
  });

  it("leaves out rows that show their month only where weekdays are asked for", () => {
    const text = new URLSearchParams(write({ ...EVERYTHING, weekdays: [1] })).get("filter");
    expect(text).toBe("weekday(call_datetime) IN (1) AND time_precision IN ('minute', 'hour', 'date')");
  });

  it("has a polygon with its first corner twice", () => {
    const polygon = [[-79.9, 32.7], [-79.8, 32.7], [-79.8, 32.8]] as const;
    const question = write({ ...EVERYTHING, polygon });
    expect(new URLSearchParams(question).get("filter")).toBe("S_INTERSECTS(geometry, POLYGON((-79.9 32.7, -79.8 32.7, -79.8 32.8, -79.9 32.7)))");
    expect(read(question).polygon).toEqual(polygon);
  });

  it("has one place: a box takes that of a circle", () => {
    const boxed = changeFilter(full, { box: [-80, 32, -79, 33] });
    expect(boxed.near).toBeNull();
    expect(read(write(boxed))).toEqual(boxed);
    expect(changeFilter(boxed, { box: null }).box).toBeNull();
  });

  it("has the values of a column once each", () => {
    expect(read("team=1&team=2&team=1").columns.get("team")).toEqual(["2", "1"]);
    const both = toggleValue(toggleValue(EVERYTHING, "team", "1"), "team", "2");
    expect(both.columns.get("team")).toEqual(["1", "2"]);
    expect(toggleValue(both, "team", "1").columns.get("team")).toEqual(["2"]);
    expect(chooseValues(both, "team", []).columns.has("team")).toBe(false);
  });
});

describe("what the bar has no control for", () => {
  const kept = [
    "datetime=2026-03-01/..",
    "response_minutes__lte=10",
    "team__empty=yes",
    "filter=kind+LIKE+'A%25'",
    "filter=hour(call_datetime)+IN+(3)", // rows without an hour are in it: not what the bar would write
    "filter=hour(call_datetime)+IN+(3)+AND+time_precision+IN+('minute',+'hour')+OR+team='1'",
    "filter=hour(call_datetime)+IN+(x)+AND+time_precision+IN+('minute',+'hour')",
    "filter=team='a+AND+weekday(call_datetime)+IN+(0)'",
    "filter=%7B%22op%22:%22not%22%7D&filter-lang=cql2-json",
    "bbox=0,0,1,1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326",
    "bbox=1,2,3",
    "bbox=-79.12345678,32,-79,33",
    "from=1+March",
    "from=2026-01-01&from=2026-02-01",
    "q=a&q=b",
  ];

  it.each(kept)("is kept as it is: %s", (query) => {
    const asked = [...new URLSearchParams(query)].sort();
    expect([...new URLSearchParams(write(read(query)))].sort()).toEqual(asked);
    expect(read(query).hours).toEqual([]);
    expect(read(query).weekdays).toEqual([]);
  });

  it("stands beside what the bar writes, and both are read again", () => {
    const filter = { ...read("filter=kind+LIKE+'A%25'"), hours: [3] };
    expect(read(write(filter))).toEqual(filter);
  });

  it("asks for nothing where it is empty, as a form sends it", () => {
    expect(write(read("from=&team=&q=+&filter="))).toBe("");
  });
});

describe("parameters that choose no rows", () => {
  it("stay in the address and are in no question", () => {
    const { filter, looks } = readQuestion("?utm_source=mail&team=1&sort=-team", GRAMMAR);
    expect(write(filter)).toBe("team=1");
    expect(writeFilter(filter, GRAMMAR, looks)).toBe("team=1&utm_source=mail&sort=-team");
  });
});
