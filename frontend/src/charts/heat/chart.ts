/** Rows by hour and weekday; cells that are marked become conditions of the filter. */
import type { Explorer } from "../../explorer";
import type { Chart } from "../chart";
import { hand } from "./hand";
import { figure, heat } from "./heat";
import { type DrawnHeat, HeatPlot, heightOf } from "./plot";

/** Return the chart. */
export function heatChart(explorer: Explorer): Chart<DrawnHeat, HeatPlot> {
  const { words } = explorer;
  return {
    name: "hours",
    title: words.say("chart_heat_title"),
    hint: words.say("chart_heat_hint"),
    looks: [],
    wide: true,
    height: (width) => heightOf(width),
    plot: () => new HeatPlot(),
    hand,
    model: (view, cube) => {
      const drawn = heat(view, cube, view.range);
      return drawn && { heat: drawn, words };
    },
    figure: (view, drawn) => figure(view, drawn.heat),
  };
}
