/** Sentences with numbers and days, in the reader's language. In: a description's words. Out: plain text. */
import { type Column, own } from "./description";

const DAY = 86_400_000;
const WHOLE = { year: "numeric", month: "short", day: "numeric" } as const;

/** A time whose last part is its hour. Where a clock has 24 hours, a mere "5" would be no hour: "5 h". */
export function toTheHour(format: Intl.DateTimeFormat, time: Date): string {
  return format.resolvedOptions().hour12 ? format.format(time) : `${format.format(time)} h`;
}

export type Values = Readonly<Record<string, string | number>>;

/** What a description has to have to be spoken of. */
export interface Spoken {
  readonly language: string;
  readonly one: string;
  readonly many: string;
  readonly columns: readonly Column[];
  /** Layers of areas, which are called something as columns are. */
  readonly counted?: readonly Pick<Column, "name" | "title">[];
  readonly words: Readonly<Record<string, string>>;
}

export class Words {
  private readonly description: Spoken;
  private readonly plural: Intl.PluralRules;
  private readonly numbers: Intl.NumberFormat;
  private readonly shares: Intl.NumberFormat;
  /** By what they show of a day: making one takes a hundred times as long as using it. */
  private readonly dates = new Map<string, Intl.DateTimeFormat>();

  constructor(description: Spoken) {
    this.description = description;
    this.plural = new Intl.PluralRules(description.language);
    this.numbers = new Intl.NumberFormat(description.language);
    this.shares = new Intl.NumberFormat(description.language, { style: "percent", maximumFractionDigits: 0 });
  }

  /** The language as browsers know it. */
  get language(): string {
    return this.description.language;
  }

  /** The sentence of a key with its holes filled; numbers as people read them. */
  say(key: string, values: Values = {}): string {
    const sentence = this.description.words[key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = values[name];
      return value === undefined ? hole : typeof value === "number" ? this.number(value) : value;
    });
  }

  /** The sentence of `key.one` or `key.other`, as `n` wants it. */
  count(key: string, n: number, values: Values = {}): string {
    const form = this.plural.select(n) === "one" ? "one" : "other";
    return this.say(`${key}.${form}`, { n, ...values });
  }

  /** "1 call", "1,204 calls". */
  rows(n: number): string {
    const { one, many } = this.description;
    return `${this.number(n)} ${this.plural.select(n) === "one" ? one : many}`;
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  /** A share of 1 as whole per cents. */
  share(value: number): string {
    return this.shares.format(value);
  }

  /** A number of days since 1970: "24 Nov 2026". */
  day(day: number, parts: Intl.DateTimeFormatOptions = WHOLE): string {
    return this.format(parts).format(day * DAY);
  }

  /** "Nov 1 – 28, 2026": what both days have is said once. */
  shortDays(first: number, last: number): string {
    return this.format(WHOLE).formatRange(first * DAY, last * DAY);
  }

  private format(parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = Object.entries(parts).join();
    let date = this.dates.get(key);
    if (!date) this.dates.set(key, (date = new Intl.DateTimeFormat(this.description.language, { ...parts, timeZone: "UTC" })));
    return date;
  }

  /** "1 Nov to 28 Nov 2026"; one day where both are the same. */
  days(first: number, last: number): string {
    return first === last ? this.day(first) : this.say("days", { first: this.day(first), last: this.day(last) });
  }

  /** The quarter that a day lies in. */
  quarter(day: number): string {
    const date = new Date(day * DAY);
    return this.say("quarter_of", { quarter: Math.floor(date.getUTCMonth() / 3) + 1, year: String(date.getUTCFullYear()) });
  }

  /** A list as a sentence has it. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.description.language, { type: "conjunction" }).format(items);
  }

  /** What a column, or a layer of areas, is called. */
  column(name: string): string {
    const { columns, counted = [] } = this.description;
    return [...columns, ...counted].find((one) => one.name === name)?.title ?? name;
  }

  /** What a value of a column is called. */
  value(name: string, value: string): string {
    const column = this.description.columns.find((one) => one.name === name);
    if (column?.type === "boolean") return this.say(value === "yes" ? "yes" : "no");
    return (column && own(column.values, value)) ?? value;
  }
}
