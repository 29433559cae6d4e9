/**
 * Which categories are shown. In: a description. Out: the same choice as an expression for cells, as a question for
 * points, and as CQL2 for the service of rows.
 */

/** Stands for all categories without a colour of their own. */
export const OTHER = "\0other";

export class Choice {
  constructor(description) {
    this.description = description;
    this.hidden = new Set();
  }

  /** Show or hide a category, or OTHER. */
  set(value, shown) {
    if (shown) this.hidden.delete(value);
    else this.hidden.add(value);
  }

  get everything() {
    return this.hidden.size === 0;
  }

  /** Return the categories that are named: those to keep where the others are hidden, else those to leave out. */
  get _named() {
    const keep = this.hidden.has(OTHER);
    return { keep, named: this.description.categories.filter((one) => this.hidden.has(one.value) !== keep) };
  }

  /** Return how many rows a cell counts, as an expression. */
  count() {
    const { keep, named } = this._named;
    const parts = named.map((one) => ["coalesce", ["get", one.key], 0]);
    if (keep) return ["+", 0, ...parts];
    return parts.length ? ["-", ["get", "count"], ["+", 0, ...parts]] : ["get", "count"];
  }

  /** Return how many rows a cell with these properties counts. */
  counted(properties) {
    const { keep, named } = this._named;
    const sum = named.reduce((total, one) => total + (properties[one.key] ?? 0), 0);
    return keep ? sum : properties.count - sum;
  }

  /** Return whether rows of the category `value` are shown. */
  shows(value) {
    const own = this.description.categories.some((one) => one.value === value);
    return !this.hidden.has(own ? value : OTHER);
  }

  /** Return the choice as CQL2 text; empty where everything is shown. */
  cql2() {
    if (this.everything) return "";
    const { keep, named } = this._named;
    const field = `"${this.description.category}"`;
    if (!named.length) return `${field} IN ('')`;
    const list = named.map((one) => `'${one.value.replaceAll("'", "''")}'`).join(", ");
    return keep ? `${field} IN (${list})` : `(${field} NOT IN (${list}) OR ${field} IS NULL)`;
  }
}
