/** How programs ask for the very rows of a filter. In: a question. Out: addresses and commands as text. */
import { AREA, type Description } from "../description";
import type { Filter } from "../filter/filter";

/** A way to ask, by the key of its name. */
export interface Call {
  readonly key: string;
  readonly text: string;
}

/** Return the address of `path` on this portal with a question behind it. */
export function addressOf(path: string, question: string, origin: string): string {
  const whole = question ? `${path}${path.includes("?") ? "&" : "?"}${question}` : path;
  // Quotes and brackets would end what a shell or a program takes as one text.
  return (origin + whole).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Return every way to ask for the rows of `question`. */
export function calls({ services, formats }: Description, question: string, origin: string): Call[] {
  const file = (extension: string): string => {
    const format = formats.find((one) => one.extension === extension);
    return format ? addressOf(format.address, question, origin) : "";
  };
  const [csv, geojson] = [file("csv"), file("geojson")];
  const all: Call[] = [
    { key: "api_csv", text: csv },
    { key: "api_geojson", text: geojson },
    { key: "api_geoservices", text: services.geoservices && addressOf(`${services.geoservices}?outFields=*&f=json`, question, origin) },
    { key: "api_ogc", text: services.items && addressOf(services.items, question, origin) },
    { key: "api_curl", text: csv && `curl -o rows.csv '${csv}'` },
    { key: "api_python", text: csv && `import pandas\n\nrows = pandas.read_csv("${csv}")` },
    { key: "api_r", text: csv && `rows <- read.csv("${csv}")` },
  ];
  return all.filter((call) => call.text);
}

/** Why a filter has no feed: it names no team or area, or a place more closely than that. Empty where it has one. */
export type NoFeed = "" | "feed_area" | "feed_close";

/** Return why nobody may subscribe to a filter: a feed of a few houses would tell of those who live there. */
export function whyNoFeed({ columns, near, box, polygon, words, kept }: Filter, { team, close }: Description): NoFeed {
  const names = [...columns.keys()];
  const isClose = near ?? box ?? polygon ?? (words || kept.length > 0 || names.some((name) => close.includes(name)));
  if (!names.some((name) => name === team || name.startsWith(AREA))) return "feed_area";
  return isClose ? "feed_close" : "";
}
