/**
 * Which categories are shown. In: a description. Out: the same choice as an expression for cells, as a question for
 * points, and as CQL2 for the service of rows.
 */
import type { ExpressionSpecification } from "maplibre-gl";
import type { Category, MapDescription } from "./description";

/** Stands for all categories without a colour of their own. */
export const OTHER = "\0other";

/** What a cell says of itself: `count` and a number for each category with a colour. */
export type CellProperties = Readonly<Record<string, unknown>>;

export class Choice {
  private readonly description: MapDescription;
  private readonly hidden = new Set<string>();

  constructor(description: MapDescription) {
    this.description = description;
  }

  /** Show or hide a category, or OTHER. */
  set(value: string, shown: boolean): void {
    if (shown) this.hidden.delete(value);
    else this.hidden.add(value);
  }

  get everything(): boolean {
    return this.hidden.size === 0;
  }

  /** How many rows a cell counts, as an expression. */
  count(): ExpressionSpecification {
    const { keep, named } = this.named();
    const parts = named.map((one): ExpressionSpecification => ["coalesce", ["get", one.key], 0]);
    if (keep) return ["+", 0, ...parts];
    return parts.length > 0 ? ["-", ["get", "count"], ["+", 0, ...parts]] : ["get", "count"];
  }

  /** How many rows a cell with these properties counts. */
  counted(properties: CellProperties): number {
    const { keep, named } = this.named();
    const sum = named.reduce((total, one) => total + Number(properties[one.key] ?? 0), 0);
    return keep ? sum : Number(properties["count"]) - sum;
  }

  /** Whether rows of the category `value` are shown. */
  shows(value: string): boolean {
    const own = this.description.categories.some((one) => one.value === value);
    return !this.hidden.has(own ? value : OTHER);
  }

  /** The choice as CQL2 text; empty where everything is shown. */
  cql2(): string {
    if (this.everything) return "";
    const { keep, named } = this.named();
    const field = `"${this.description.category}"`;
    if (named.length === 0) return `${field} IN ('')`;
    const list = named.map((one) => `'${one.value.replaceAll("'", "''")}'`).join(", ");
    return keep ? `${field} IN (${list})` : `(${field} NOT IN (${list}) OR ${field} IS NULL)`;
  }

  /** The categories that are named: those to keep where the others are hidden, else those to leave out. */
  private named(): { readonly keep: boolean; readonly named: readonly Category[] } {
    const keep = this.hidden.has(OTHER);
    return { keep, named: this.description.categories.filter((one) => this.hidden.has(one.value) !== keep) };
  }
}
