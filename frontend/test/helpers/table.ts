import type { MapDescription } from "../../src/map/description";

/** A table of calls with two categories that have a colour. */
export const TABLE: MapDescription = {
  dataset: "calls",
  title: "Calls",
  language: "en",
  one: "call",
  many: "calls",
  bounds: null,
  tiles: "/tiles/{z}/{y}/{x}",
  items: "/items",
  areas: "/areas",
  layers: [],
  base: null,
  places: "/places",
  time: "when",
  point: "longitude",
  precision: "precision",
  category: "kind",
  categories: [
    { value: "Alarm", title: "Alarm", key: "n_alarm", colour: "#0072b2" },
    { value: "O'Neil", title: "O'Neil", key: "n_o_neil", colour: "#e69f00" },
  ],
  other: "#999999",
  columns: [],
  listed: [],
  words: { yes: "yes", no: "no" },
};
