/** Rows of a table from its service (OGC API Features): those in a box, and one by its id. */

/** How many rows the table beside a map has on a page. */
export const PAGE = 10;

/**
 * Return the first page of rows in `box` (west, south, east, north) that meet `cql2`, the latest first: features, how many
 * there are in all, and the address of the next page. Rows have the fields that the table lists.
 */
export async function rowsIn(description, box, cql2, signal) {
  const question = new URLSearchParams({
    bbox: box.map((side) => side.toFixed(6)).join(","),
    limit: String(PAGE),
    sortby: `-${description.time}`,
    properties: [...description.listed, description.precision].filter(Boolean).join(","),
  });
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
