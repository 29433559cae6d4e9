// What a page tells of itself while it is measured; put in before its own scripts, which know nothing of it.
(() => {
  const BUSY = '[aria-busy]:not([aria-busy="false"])';
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
  /** What is awaited for a minute, as whoever reads would. */
  const inTime = (awaited) => Promise.race([awaited, new Promise((_, fail) => setTimeout(() => fail(new Error("nothing in 60 s")), 60_000))]);
  /** Resolve when `is` holds and still does when that is drawn; it is asked when the page changes, since frames cost. */
  const when = (is) =>
    inTime(new Promise((done) => {
      let asked = false;
      const look = () => {
        if (asked || !is()) return;
        asked = true;
        drawn((now) => {
          asked = false;
          if (!is()) return;
          watch.disconnect();
          done(now);
        });
      };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributes: true });
      requestAnimationFrame(look);
    }));
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
    inTime,
    /** Milliseconds from there until nothing within `place` waits for what it is to show, and that is drawn. */
    settled: (place) => when(() => !document.querySelector(`${place} ${BUSY}`)).then((now) => now - began),
    /** Milliseconds since the page was asked for until it has `selector`. */
    has: (selector) => when(() => document.querySelector(selector)),
    interactions: () => [...interactions.values()],
    shifts: () => shifts,
  };
})();
