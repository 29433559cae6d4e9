/** The buttons above a report: pages, size, and the places that have what was looked for. */

/** Return the bar's element and a function that brings it up to what is shown; `act` is what its buttons do. */
export function toolbar(report, act) {
  const { words } = report;
  const element = document.createElement("div");
  element.className = "cp-viewer-bar";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", words.bar);

  const before = button("‹", words.before, () => act.turn(-1));
  const after = button("›", words.after, () => act.turn(1));
  const input = document.createElement("input");
  input.type = "text";
  input.inputMode = "numeric";
  input.size = 3;
  input.setAttribute("aria-label", words.number);
  input.addEventListener("change", () => act.go(Number(input.value)));
  const total = document.createElement("span");
  const smaller = button("−", words.smaller, () => act.zoom(-1));
  const larger = button("+", words.larger, () => act.zoom(1));
  const fit = button(words.fit, "", () => act.fit());
  const size = document.createElement("span");
  size.className = "cp-viewer-size";
  element.append(group(before, input, total, after), group(smaller, size, larger, fit));

  const searched = report.wordings.length > 0;
  const earlier = button("↑", words.earlier, () => act.hit(-1));
  const next = button("↓", words.next, () => act.hit(1));
  const marks = document.createElement("span");
  if (searched) element.append(group(earlier, next, marks));

  return {
    element,
    update(state) {
      input.value = state.page;
      total.textContent = words.of.replace("{pages}", state.pages);
      size.textContent = `${state.percent} %`;
      marks.textContent = words.here.replace("{n}", state.marks);
      off(before, state.page <= 1);
      off(after, state.page >= state.pages);
    },
  };
}

function group(...parts) {
  const span = document.createElement("span");
  span.className = "cp-viewer-group";
  span.append(...parts);
  return span;
}

function button(text, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "cp-button";
  made.textContent = text;
  if (label) {
    made.setAttribute("aria-label", label);
    made.title = label;
  }
  made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && act());
  return made;
}

/** A button that can do nothing keeps the focus, and says so. */
function off(element, isOff) {
  element.setAttribute("aria-disabled", String(isOff));
}
