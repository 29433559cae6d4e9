/** Rows over time by day, week, month or quarter, with other days beside. */
import { dayNumber } from "../../counts/days";
import type { Cube } from "../../counts/cube";
import { showsDays } from "../../description";
import type { Explorer, View } from "../../explorer";
import type { Chart } from "../chart";
import { choice } from "../choice";
import { besideName, figure } from "./figure";
import { type Grain, GRAIN_KEYS, GRAINS, isFit, type Span, usual } from "./grain";
import { hand } from "./hand";
import { type Drawn, TimePlot } from "./plot";
import { type Beside, series } from "./series";

/** Parameters of the address that say how the chart looks. */
const [BY, BESIDE] = ["by", "beside"];
const BESIDES: readonly Beside[] = ["year", "before", "none"];

/** Return the days of a view's range; null where there are none. */
export function spanOf({ range }: Pick<View, "range">, cube: Cube): Span | null {
  if (range.end <= range.first) return null;
  const { from, to } = cube.daysOf(range);
  return { first: dayNumber(from), last: dayNumber(to) };
}

/** Return the chart. */
export function timeChart(explorer: Explorer): Chart<Drawn, TimePlot> {
  const { words, description: { finest } } = explorer;
  const grains = choice(words.say("chart_by"), (["", ...GRAINS] as const).map((grain) => [grain, words.say(GRAIN_KEYS[grain])]), (value) => explorer.look(BY, value));
  // As many days before a whole month are no whole month.
  const offered = BESIDES.filter((beside) => beside !== "before" || showsDays({ finest }));
  const besides = choice(words.say("chart_beside"), offered.map((one) => [one === "year" ? "" : one, besideName(words, one)]), (value) => explorer.look(BESIDE, value));
  return {
    name: "time",
    title: words.say("chart_time_title"),
    hint: words.say("chart_time_hint"),
    controls: [grains.element, besides.element],
    looks: [BY, BESIDE],
    wide: true,
    height: () => TimePlot.height,
    plot: () => new TimePlot(),
    hand,
    model: (view, cube) => {
      const span = spanOf(view, cube);
      if (!span) return null;
      const [by, beside] = [one(GRAINS, view.looks.get(BY)), one(offered, view.looks.get(BESIDE)) ?? "year"];
      grains.show(by ?? "", (value) => value !== "" && !isFit(span, value as Grain, finest));
      besides.show(beside === "year" ? "" : beside);
      const drawn = series(cube, span, by && isFit(span, by, finest) ? by : usual(span, finest), beside);
      return { series: drawn, words, names: { now: words.days(span.first, span.last), then: besideName(words, beside) } };
    },
    figure: (view, drawn) => figure(view, drawn.series, drawn.names.then),
  };
}

function one<Value extends string>(values: readonly Value[], asked: string | undefined): Value | null {
  return values.find((value) => value === asked) ?? null;
}
