/** Sentences with numbers and times, in the reader's language. In: a description's words. Out: plain text. */

const PARTS = {
  minute: { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" },
  hour: { year: "numeric", month: "short", day: "numeric", hour: "numeric" },
  date: { year: "numeric", month: "short", day: "numeric" },
  month: { year: "numeric", month: "long" },
};

/** Put values into a sentence: `fill("{n} here", {n: "3"})`. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}

/** A number as people read it. */
export function number(value, description) {
  return value.toLocaleString(description.language);
}

/** "1 call", "1,204 calls": the values of `{n} {rows}`. */
export function counted(value, description) {
  return { n: number(value, description), rows: value === 1 ? description.one : description.many, many: description.many };
}

/**
 * The wall time of the department that an ISO text names, no finer than `precision`. The text's own clock is shown,
 * whatever the zone of the reader.
 */
export function moment(text, precision, description) {
  const wall = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/.exec(text);
  if (!wall) return text;
  const [, year, month, day, hour = "0", minute = "0"] = wall;
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const finest = wall[4] === undefined ? "date" : "minute";
  const parts = PARTS[precision] ?? PARTS[finest];
  return new Intl.DateTimeFormat(description.language, { ...parts, timeZone: "UTC" }).format(at);
}

/** The cell of a row in words; empty where it is. */
export function cell(row, column, description) {
  const value = row[column.name];
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? description.words.yes : description.words.no;
  if (column.type === "datetime" || column.type === "date") {
    const precision = column.name === description.time ? row[description.precision] : undefined;
    return moment(String(value), precision, description);
  }
  if (typeof value === "number") return number(value, description);
  return column.values[value] ?? String(value);
}
