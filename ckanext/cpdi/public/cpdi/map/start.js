/** Finds the maps of a page, and loads what they need when they are about to be seen. */

const NEAR = "400px";
const KINDS = { table: () => import("./view.js"), box: () => import("./box.js") };

const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      begin(target);
    }
  },
  { rootMargin: NEAR },
);

async function begin(element) {
  const description = JSON.parse(element.dataset.map);
  const extent = element.dataset.extent ? JSON.parse(element.dataset.extent) : null;
  const { show } = await KINDS[element.dataset.kind]();
  await show(element, description, extent);
}

function find() {
  for (const element of document.querySelectorAll("[data-map]:not([data-found])")) {
    element.dataset.found = "";
    seen.observe(element);
  }
}

find();
// The search page is changed in place.
document.body.addEventListener("htmx:load", find);
