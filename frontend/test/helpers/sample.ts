/** Answers of the service in its own form, small enough to be counted by hand. */
import type { CountsDocument } from "../../src/counts/document";
import type { Description } from "../../src/description";

/** Ten days, Monday the 26th of January to Wednesday the 4th of February 2026; the table begins in January 2025. */
export function tenDays(): CountsDocument {
  const days = Array.from({ length: 400 }, () => 1);
  return {
    dataset: "calls",
    version: "7",
    zone: "America/New_York",
    rows: 64,
    period: { first: "2026-01-26", last: "2026-02-04" },
    bin: "day",
    bins: 10,
    days: { first: "2025-01-01", counts: days },
    total: { counts: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], coarse: [0, 9] },
    dimensions: [
      {
        name: "kind",
        values: ["Traffic", "O'Neil"],
        counts: [
          [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
          [0, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ],
        other: [0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
        missing: [0, 0, 0, 1, 2, 3, 4, 5, 6, 7],
        coarse: { counts: [[0, 4], [0, 5]], other: null, missing: [0, 0] },
      },
    ],
    unplaced: {
      values: ["nowhere", "team"],
      counts: [[1, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
      other: null,
      missing: [0, 2, 2, 4, 5, 6, 7, 8, 9, 9],
      coarse: { counts: [[0, 7], [0, 0]], other: null, missing: [0, 2] },
    },
    hours: {
      counts: Array.from({ length: 24 }, (_, hour) => Array.from({ length: 10 }, () => (hour === 23 ? 1 : 0))),
      without: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    },
  };
}

/** January 2024 to March 2025 by months. */
export function fifteenMonths(): CountsDocument {
  const ones = Array.from({ length: 15 }, () => 1);
  return {
    ...tenDays(),
    period: { first: "2024-01-10", last: "2025-03-15" },
    bin: "month",
    bins: 15,
    days: { first: "2024-01-10", counts: Array.from({ length: 431 }, () => 1) },
    total: { counts: ones.map((_, month) => month), coarse: ones },
    dimensions: [{ name: "kind", values: ["Traffic"], counts: [ones], other: null, missing: ones }],
    week_hours: { counts: Array.from({ length: 168 }, (_, at) => ones.map(() => at)), without: ones },
  };
}

export const DESCRIPTION: Description = {
  dataset: "calls",
  title: "Calls",
  language: "en",
  zone: "America/New_York",
  finest: "minute",
  periods: ["last-7-days", "this-year"],
  one: "call",
  many: "calls",
  counts: "/data/calls/counts",
  compare: "/data/calls/compare",
  page: "/dataset/calls/explore",
  time: "call_datetime",
  precision: "time_precision",
  category: "kind",
  columns: [
    { name: "call_datetime", title: "Time", type: "datetime", values: {} },
    { name: "kind", title: "Kind", type: "string", values: { Traffic: "Traffic stops" } },
    { name: "team", title: "Team", type: "string", values: {} },
    { name: "response_minutes", title: "Minutes", type: "number", values: {} },
  ],
  counted: [
    { name: "kind", title: "Kind", values: 2, population: {} },
    { name: "area.neighborhood", title: "Neighborhood", values: 3, population: {} },
  ],
  placed: true,
  close: ["block_address", "place_id"],
  team: "team",
  block: "block_address",
  services: { geoservices: "/arcgis/calls/0/query", items: "/ogc/calls/items", feed: "/data/calls.atom", places: "/data/places/search" },
  position: "/data/calls/position",
  listed: ["when", "kind"],
  meanings: {},
  formats: [{ extension: "csv", title: "CSV", address: "/data/calls.csv" }],
  words: {
    days: "{first} to {last}",
    rows_in: "{rows}, {days}",
    rows_none: "{rows}: no such days",
    as_then: "as many ({then})",
    more_than_then: "{share} more ({then})",
    fewer_than_then: "{share} fewer ({then})",
    none_then: "none then",
    most: "most: {value} ({n})",
    note: "{days}: {text}",
    gap: "{days}: no rows",
    note_between: "mind {days}: {text}",
    gap_between: "mind {days}: no rows",
    "coarse.one": "1 month only",
    "coarse.other": "{n} months only",
  },
};
