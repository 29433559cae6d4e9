/** What is compared with, as a form: other days, or a value of a column that is counted. */
import { type Choice, choice } from "../charts/choice";
import type { Span } from "../charts/time/grain";
import { isoDay } from "../counts/days";
import { showsDays } from "../description";
import type { Explorer, View } from "../explorer";
import { make } from "../page";
import { type Other, writeOther } from "./other";
import { WITH } from "./state";

const KINDS = [["", "compare_nothing"], ["year", "compare_year"], ["before", "compare_before"], ["days", "compare_days"]] as const;

export class Form {
  readonly element = make("div", { class: "cp-ch-form" });
  private readonly explorer: Explorer;
  private readonly kinds: Choice;
  private readonly dates = [make("input", { type: "date", required: true }), make("input", { type: "date", required: true })] as const;
  private readonly days: HTMLElement;
  private readonly values = make("select");
  private readonly valuesLabel: HTMLElement;
  private listed = "";

  constructor(explorer: Explorer, fields: readonly string[]) {
    const { words } = explorer;
    this.explorer = explorer;
    // As many days before a whole month are no whole month.
    const kinds = KINDS.filter(([kind]) => kind !== "before" || showsDays(explorer.description));
    const options = [...kinds.map(([kind, key]) => [kind, words.say(key)] as const), ...fields.map((name) => [`${name}:`, words.say("compare_value", { column: words.column(name) })] as const)];
    this.kinds = choice(words.say("compare_with"), options, (kind) => this.choose(kind));
    const dated = this.dates.map((date, at) => make("label", { class: "cp-ch-choice" }, make("span", {}, words.say(at ? "compare_to" : "compare_from")), date));
    this.days = make("span", { hidden: true, class: "cp-ch-dates" }, ...dated);
    this.valuesLabel = make("label", { class: "cp-ch-choice", hidden: true }, make("span", {}, words.say("compare_which")), this.values);
    for (const date of this.dates) date.addEventListener("change", () => this.chooseDays());
    this.values.addEventListener("change", () => this.look(this.values.value));
    this.element.append(this.kinds.element, this.days, this.valuesLabel);
  }

  show(view: View, other: Other | null, days: Span | null): void {
    const [kind, column] = [other?.kind ?? "", other?.kind === "value" ? other.column : ""];
    this.kinds.show(kind === "value" ? `${column}:` : kind);
    this.days.hidden = kind !== "days";
    this.valuesLabel.hidden = kind !== "value";
    if (days) this.write(days);
    if (column) this.list(view, column, writeOther(other));
  }

  private write({ first, last }: Span): void {
    this.dates[0].value = isoDay(first);
    this.dates[1].value = isoDay(last);
  }

  private list(view: View, column: string, chosen: string): void {
    const { words } = view;
    const all = [...new Set([...valuesOf(view, column), chosen.slice(column.length + 1)])].filter(Boolean).sort((one, other) => one.localeCompare(other, view.description.language, { numeric: true }));
    if (this.listed !== `${column}\n${all.join("\n")}`) {
      this.listed = `${column}\n${all.join("\n")}`;
      this.values.replaceChildren(...all.map((value) => make("option", { value: `${column}:${value}` }, words.value(column, value))));
    }
    this.values.value = chosen;
  }

  private choose(kind: string): void {
    const { view } = this.explorer;
    if (kind.endsWith(":")) this.look(kind + this.firstOther(view, kind.slice(0, -1)));
    else this.look(kind === "days" ? this.otherDays(view) : kind);
  }

  /** The most frequent value that the filter does not ask for. */
  private firstOther(view: View, column: string): string {
    const asked = view.filter.columns.get(column) ?? [];
    return valuesOf(view, column).find((value) => !asked.includes(value)) ?? "";
  }

  /** The days that other days begin with: the period of the filter, to be changed. */
  private otherDays({ cube }: View): string {
    const period = cube?.document.period;
    return period ? `${period.first}/${period.last}` : "";
  }

  private chooseDays(): void {
    const [from, to] = this.dates.map((date) => date.value);
    if (from && to) this.look(`${from}/${to}`);
  }

  private look(text: string): void {
    this.explorer.look(WITH, text);
  }
}

function valuesOf({ cube }: View, column: string): readonly string[] {
  return cube?.document.dimensions?.find((one) => one.name === column)?.values ?? [];
}
