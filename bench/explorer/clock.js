// What a page tells of itself while it is measured; put in before its own scripts, which know nothing of it.
(() => {
  const BUSY = '[data-cpdi-explorer] [aria-busy]:not([aria-busy="false"])';
  let frames = [];
  let watched = "";
  let began = 0;
  const interactions = new Map();
  const shifts = [];

  /** Call `act` with the time when the frame that is being made is handed over to be drawn. */
  const drawn = (act) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => act(performance.now());
      port2.postMessage(0);
    });
  const note = (since) => drawn((now) => frames.push(now - since));

  addEventListener("pointermove", (event) => { if (watched === "brush") note(event.timeStamp); }, true);
  for (const kind of ["click", "change", "submit", "keydown"]) addEventListener(kind, (event) => { began ||= event.timeStamp; }, true);

  // A step of a play begins where its timer fires.
  const every = window.setInterval;
  window.setInterval = (act, wait, ...given) =>
    every(() => {
      const since = performance.now();
      act(...given);
      if (watched === "play") note(since);
    }, wait);

  new PerformanceObserver((list) => {
    for (const { interactionId, duration, name, target } of list.getEntries())
      if (interactionId && duration >= (interactions.get(interactionId)?.duration ?? 0)) interactions.set(interactionId, { duration, name, target: target?.className ?? "" });
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries())
      if (!hadRecentInput) shifts.push({ value, what: sources.map(({ node }) => node?.className ?? node?.nodeName ?? "").join() });
  }).observe({ type: "layout-shift", buffered: true });

  window.cpdiClock = {
    /** Note from now on what is watched: `brush`, `play` or nothing; return what was noted before, in milliseconds. */
    watch(what) {
      const noted = frames;
      [frames, watched] = [[], what];
      return noted;
    },
    /** The next click, key or change is where a change of the filter begins. */
    expect() { began = 0; },
    began: () => began,
    /** Milliseconds from there until no face of the page waits for anything, and that is drawn. */
    settled: () =>
      new Promise((done) => {
        const look = () => (document.querySelector(BUSY) ? requestAnimationFrame(look) : drawn((now) => (document.querySelector(BUSY) ? look() : done(now - began))));
        requestAnimationFrame(look);
      }),
    /** Milliseconds since the page was asked for until it has `selector`. */
    has: (selector) =>
      new Promise((done) => {
        const look = () => (document.querySelector(selector) ? drawn(done) : requestAnimationFrame(look));
        look();
      }),
    interactions: () => [...interactions.values()],
    shifts: () => shifts,
  };
})();
