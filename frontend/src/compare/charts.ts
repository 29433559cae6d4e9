/** The charts of a comparison: those of the page, with the other side beside. */
import type { Chart, Plot } from "../charts/chart";
import { bars, barsBeside, figure as barsFigure } from "../charts/bars/bars";
import { BarsPlot, type DrawnBars, heightOf as barsHeight } from "../charts/bars/plot";
import { figure as heatFigure, heat } from "../charts/heat/heat";
import { type DrawnHeat, HeatPlot, heightOf as heatHeight } from "../charts/heat/plot";
import { figure as timeFigure } from "../charts/time/figure";
import { usual } from "../charts/time/grain";
import { hand as timeHand } from "../charts/time/hand";
import { type Drawn, TimePlot } from "../charts/time/plot";
import { seriesBeside } from "../charts/time/series";
import type { View } from "../explorer";
import { change } from "../charts/svg";
import type { Words } from "../words";
import type { Sides } from "./state";

/** Return both sides of a view; null before they are there. */
export type ReadSides = (view: View) => Sides | null;

const FEW = 12;

/** A drawing that is looked at, and has its table for those who do not see it. */
function picture<Model, Drawing extends Plot<Model>>(chart: Omit<Chart<Model, Drawing>, "hand" | "hint">): Chart<Model, Drawing> {
  return {
    ...chart,
    hint: "",
    hand: ({ svg, title }) => {
      change(svg, { role: "img", "aria-label": title });
      return { drawn: () => undefined };
    },
  };
}

/** Return the chart of both sides over time, first day by first day. */
export function timeBeside(words: Words, read: ReadSides): Chart<Drawn, TimePlot> {
  return {
    name: "compare-time",
    title: words.say("compare_time_title"),
    hint: words.say("compare_time_hint"),
    wide: true,
    height: () => TimePlot.height,
    plot: () => new TimePlot(),
    hand: timeHand,
    model: (view) => {
      const sides = read(view);
      if (!sides) return null;
      const { now, then } = sides;
      const grain = usual(now.span, view.description.finest);
      return { series: seriesBeside(now.cube, now.span, then.cube, then.span, grain), words, names: { now: now.name, then: then.name } };
    },
    figure: (view, drawn) => timeFigure(view, drawn.series, drawn.names.then),
  };
}

/** Return the chart of both sides by the values of a field. */
export function barsBesides(words: Words, read: ReadSides, name: string): Chart<DrawnBars, BarsPlot> {
  return picture({
    name: `compare-${name}`,
    title: words.column(name),
    height: (_, drawn) => barsHeight(Math.min(FEW, Math.max(1, drawn?.bars.bars.length ?? FEW)), true),
    plot: () => new BarsPlot(),
    model: (view) => {
      const sides = read(view);
      // The values of a column are counted without its own condition: those of both sides are the same.
      if (sides?.other.kind === "value" && sides.other.column === name) return null;
      const one = sides && bars(view, sides.now.cube, sides.now.range, name);
      const other = sides && bars(view, sides.then.cube, sides.then.range, name);
      if (!one || !other) return null;
      const names = { now: sides.now.name, then: sides.then.name };
      return { bars: { ...barsBeside(one, other, names), anyChosen: false }, words, byRate: false, most: FEW };
    },
    figure: (view, drawn) => barsFigure(view, drawn.bars, false),
  });
}

/** Return the chart of the hours of one side; both have the same steps of colour. */
export function heatOf(words: Words, read: ReadSides, side: "now" | "then"): Chart<DrawnHeat, HeatPlot> {
  return picture({
    name: `compare-hours-${side}`,
    title: words.say({ now: "compare_heat_now", then: "compare_heat_then" }[side]),
    height: (width) => heatHeight(width),
    plot: () => new HeatPlot(),
    model: (view) => {
      const sides = read(view);
      const [one, other] = [sides && heat(view, sides.now.cube, sides.now.range), sides && heat(view, sides.then.cube, sides.then.range)];
      if (!one || !other) return null;
      const shown = side === "now" ? one : other;
      return { heat: { ...shown, hours: [], weekdays: [], scale: Math.max(one.most, other.most) }, words };
    },
    figure: (view, drawn) => heatFigure(view, drawn.heat),
  });
}
