/** Finds the explorers of a page, and mounts their faces; a face that the page does not have is not loaded. */
import "./charts/charts.css";
import "./explore.css";
import "./table/table.css";
import type { Description } from "./description";
import { Explorer, type Face } from "./explorer";
import { fitFrame } from "./frame";
import { drawn, framed } from "./page";
import { keepTarget } from "./target";
import { Away } from "./away";

interface FaceModule {
  mount(element: HTMLElement, explorer: Explorer): Face;
}

/** Faces by the name of `data-cpdi-face`. */
const FACES: Readonly<Record<string, () => Promise<FaceModule>>> = {
  charts: () => import("./charts/charts"),
  compare: () => import("./compare/compare"),
  bar: () => import("./bar/bar"),
  time: () => import("./time/time"),
  asked: () => import("./asked/asked"),
  files: () => import("./take/files"),
  take: () => import("./take/take"),
  table: () => import("./table/table"),
  map: () => import("./map/map"),
  numbers: () => import("./numbers/numbers"),
};

/** Mount a face; one whose script does not come is mounted when everything is asked for again. */
async function mount(element: HTMLElement, explorer: Explorer): Promise<void> {
  const load = FACES[element.dataset["cpdiFace"] ?? ""];
  if (!load) return;
  const { attempt } = explorer.view;
  try {
    const face = await load();
    explorer.add(face.mount(element, explorer));
    element.dataset["ready"] = "";
  } catch (error) {
    console.warn("A part of the page does not come.", error);
    explorer.lack(error);
    const waiting: Face = {
      show: (view) => {
        if (view.attempt === attempt) return;
        explorer.remove(waiting);
        void mount(element, explorer);
      },
    };
    explorer.add(waiting);
  }
}

/** An explorer on a page of its own is in the address; one in a view has the filter that staff gave it. */
async function begin(root: HTMLElement): Promise<void> {
  const description = JSON.parse(root.dataset["cpdiExplorer"] ?? "") as Description;
  const preset = root.dataset["cpdiFilter"];
  const explorer = new Explorer(description, preset ?? location.search, preset === undefined);
  keepTarget(root);
  explorer.add(new Away(root, explorer));
  const counted = explorer.start();
  await framed(); // what the server printed is seen before scripts have work with it
  const faces = [...root.querySelectorAll<HTMLElement>("[data-cpdi-face]")];
  await Promise.all([...faces.map((face) => mount(face, explorer)), counted]);
  await drawn();
  root.dataset["laid"] = ""; // each part has had its size once, and keeps that out of sight: links on the page lead where they say
}

for (const root of document.querySelectorAll<HTMLElement>("[data-cpdi-explorer]")) void begin(root);
fitFrame();
