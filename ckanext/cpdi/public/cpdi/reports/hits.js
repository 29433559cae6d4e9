/** Finds wordings in the text above a page, and where they stand. */

/** Return a range for each place of `root` that has one of `wordings` as whole words, in the order of the text. */
export function matches(root, wordings) {
  if (!wordings.length) return [];
  const { text, places } = textOf(root);
  const longestFirst = [...wordings].sort((a, b) => b.length - a.length);
  const any = longestFirst.map((wording) => wording.trim().split(/\s+/).map(escaped).join("[\\s\\u00ad]+")).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, "giu");
  return [...text.matchAll(pattern)].map((match) => {
    const range = document.createRange();
    range.setStart(...place(places, match.index));
    const [node, offset] = place(places, match.index + match[0].length - 1);
    range.setEnd(node, offset + 1);
    return range;
  });
}

/** Return where a range stands in `sheet`, a box for each piece, in percent of the sheet. */
export function boxes(range, sheet) {
  const whole = sheet.getBoundingClientRect();
  return [...range.getClientRects()]
    .filter((box) => box.width > 0 && box.height > 0)
    .map((box) => ({
      left: (100 * (box.left - whole.left)) / whole.width,
      top: (100 * (box.top - whole.top)) / whole.height,
      width: (100 * box.width) / whole.width,
      height: (100 * box.height) / whole.height,
    }));
}

/** The text of all nodes as one, a blank for each end of a line, and where in it each node begins. */
function textOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let text = "";
  const places = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeName === "BR") text += " ";
    if (node.nodeType !== Node.TEXT_NODE) continue;
    places.push({ start: text.length, node });
    text += node.data;
  }
  return { text, places };
}

function place(places, index) {
  let at = places.length - 1;
  while (at > 0 && places[at].start > index) at -= 1;
  const { start, node } = places[at];
  return [node, Math.min(index - start, node.length)];
}

function escaped(word) {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
