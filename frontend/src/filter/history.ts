/** The filter in the address of the page: back and forward go through the filters that were chosen. */

/** Put a question into the address; `replace` does so without a further step to go back. */
export function putInAddress(question: string, replace = false): void {
  const address = new URL(location.href);
  if (address.search.replace(/^\?/, "") === question) return;
  address.search = question;
  history[replace ? "replaceState" : "pushState"](null, "", address);
}

/** Call `changed` with the question in the address when the reader goes back or forward. */
export function onBackOrForward(changed: (question: string) => void): void {
  addEventListener("popstate", () => changed(location.search));
}
