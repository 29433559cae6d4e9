/** Puts the viewer in the place of a report's picture; where it cannot be shown, the picture stays. */

for (const element of document.querySelectorAll("[data-report]")) {
  const report = JSON.parse(element.dataset.report);
  import("./viewer.js")
    .then(({ show }) => show(element, report))
    .catch(() => {
      const note = document.createElement("p");
      note.className = "cp-note";
      note.textContent = report.words.failed;
      element.prepend(note);
      element.dataset.failed = "";
    });
}
