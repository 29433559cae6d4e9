/** Rows by the values of a field; a bar that is pressed becomes a condition of the filter. */
import type { Explorer, View } from "../../explorer";
import { make } from "../../page";
import type { Chart } from "../chart";
import { bars, figure } from "./bars";
import { hand } from "./hand";
import { BarsPlot, type DrawnBars, heightOf } from "./plot";

/** Bars that are shown until somebody asks for all. */
const FEW = 10;
/** Parameters of the address that say how charts look: those that show all of their bars, and whether they show rates. */
const [ALL, RATES] = ["all", "rates"];

/** Return the chart of a field; `expected` is how many values it has, so that the page has room before they are there. */
export function barsChart(explorer: Explorer, name: string, expected: number): Chart<DrawnBars, BarsPlot> {
  const { words } = explorer;
  const more = make("button", { type: "button", class: "cp-ch-more", "aria-pressed": "false", hidden: true }, words.say("chart_all"));
  const rates = make("button", { type: "button", class: "cp-ch-more", "aria-pressed": "false", hidden: true }, words.say("chart_by_rate"));
  const opened = (looks: View["looks"]): readonly string[] => (looks.get(ALL) ?? "").split(",").filter(Boolean);
  more.addEventListener("click", () => {
    const open = opened(explorer.view.looks);
    explorer.look(ALL, (open.includes(name) ? open.filter((one) => one !== name) : [...open, name]).join(","));
  });
  rates.addEventListener("click", () => explorer.look(RATES, explorer.view.looks.get(RATES) ? "" : "yes"));
  return {
    name,
    title: words.column(name),
    hint: "",
    controls: [rates, more],
    looks: [ALL, RATES],
    height: (_, drawn) => heightOf(drawn ? Math.max(1, Math.min(drawn.bars.bars.length, drawn.most)) : Math.min(FEW, expected), false),
    plot: () => new BarsPlot(),
    hand,
    model: (view, cube) => {
      const counted = bars(view, cube, view.range, name);
      if (!counted) return null;
      const all = opened(view.looks).includes(name);
      more.setAttribute("aria-pressed", String(all));
      more.hidden = counted.bars.length <= FEW;
      rates.hidden = counted.population === null;
      const byRate = counted.population !== null && view.looks.get(RATES) === "yes";
      rates.setAttribute("aria-pressed", String(byRate));
      return { bars: counted, words, byRate, most: all ? Infinity : FEW };
    },
    figure: (view, { bars: counted, byRate }) => figure(view, counted, byRate),
  };
}
