/** Rows of a table from its service (OGC API Features): those in a box, and one by its id. */

/** How many rows the table beside a map has on a page. */
export const PAGE = 10;

/** Return the page of rows in `box` (west, south, east, north) that meet `cql2`: features, how many, and the next page. */
export async function rowsIn(description, box, cql2, signal) {
  const question = new URLSearchParams({ bbox: box.map((side) => side.toFixed(6)).join(","), limit: String(PAGE) });
  if (cql2) {
    question.set("filter", cql2);
    question.set("filter-lang", "cql2-text");
  }
  return page(`${description.items}?${question}`, signal);
}

/** Return the page of rows at an address that another page named. */
export async function page(address, signal) {
  const collection = await read(address, signal);
  const next = (collection.links ?? []).find((link) => link.rel === "next");
  return { features: collection.features, matched: collection.numberMatched, next: next && sameOrigin(next.href) };
}

/** Return the row of an id. */
export async function row(description, id, signal) {
  return read(`${description.items}/${encodeURIComponent(id)}`, signal);
}

async function read(address, signal) {
  const answer = await fetch(address, { signal, headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return answer.json();
}

/** A portal that is reached by another name than its own answers under the one by which this page was asked for. */
function sameOrigin(address) {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}
