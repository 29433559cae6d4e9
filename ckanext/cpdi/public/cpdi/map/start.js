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

/** A frame in a page of ours grows with what is in it; in another site it has the height that was given to it. */
function fitFrame() {
  const main = document.querySelector("main.cp-embed");
  if (!main || !window.frameElement) return;
  const fit = () => {
    window.frameElement.style.height = `${Math.ceil(main.getBoundingClientRect().height) + 16}px`;
  };
  new ResizeObserver(fit).observe(main);
}

find();
fitFrame();
// The search page is changed in place.
document.body.addEventListener("htmx:load", find);
