/** Bars as options: one stop for the Tab key, arrows between them, Space or Enter or a click for a condition. */
import { toggleValue } from "../../filter/filter";
import type { Hand, Stage } from "../chart";
import { change } from "../svg";
import { rounded } from "./bars";
import type { BarsPlot, DrawnBars } from "./plot";

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** Return what readers do with bars. */
export function hand(stage: Stage<DrawnBars, BarsPlot>): Hand<DrawnBars> {
  return new Options(stage);
}

class Options implements Hand<DrawnBars> {
  private readonly stage: Stage<DrawnBars, BarsPlot>;
  private at = 0;

  constructor(stage: Stage<DrawnBars, BarsPlot>) {
    this.stage = stage;
    const { svg, title } = stage;
    change(svg, { role: "listbox", "aria-label": title, "aria-multiselectable": "true" });
    svg.addEventListener("click", (event) => this.press(rowOf(event.target)));
    svg.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("focusin", (event) => (this.at = rowOf(event.target) ?? this.at));
  }

  drawn(drawn: DrawnBars, settled: boolean): void {
    const count = Math.min(drawn.bars.bars.length, drawn.most);
    this.at = Math.max(0, Math.min(this.at, count - 1));
    drawn.bars.bars.slice(0, drawn.most).forEach((bar, at) => {
      const group = this.stage.plot.group(at);
      if (!group) return;
      change(group, { role: "option", "aria-selected": String(bar.chosen), "aria-disabled": String(bar.value === null), tabindex: at === this.at ? 0 : -1 });
      if (settled) change(group, { "aria-label": this.label(drawn, at) });
    });
  }

  private label({ bars, words, byRate }: DrawnBars, at: number): string {
    const bar = bars.bars[at];
    if (!bar) return "";
    const rate = byRate && bar.rate !== null ? ` ${words.say("chart_bar_rate_label", { rate: rounded(bar.rate) ?? 0 })}` : "";
    return words.say("chart_bar_label", { label: bar.label, rows: words.rows(bar.n), share: words.share(bars.total ? bar.n / bars.total : 0) }) + rate;
  }

  private key(event: KeyboardEvent): void {
    const drawn = this.stage.model();
    if (!drawn) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      this.press(this.at);
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const last = Math.min(drawn.bars.bars.length, drawn.most) - 1;
    this.at = Math.max(0, Math.min(last, this.at + step));
    this.drawn(drawn, true);
    this.stage.plot.group(this.at)?.focus();
  }

  private press(at: number | null): void {
    const drawn = this.stage.model();
    const value = at === null ? null : drawn?.bars.bars[at]?.value;
    if (!drawn || value === null || value === undefined) return;
    const { explorer } = this.stage;
    void explorer.set({ columns: toggleValue(explorer.view.filter, drawn.bars.name, value).columns });
  }
}

function rowOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest("[data-row]")?.getAttribute("data-row") : null;
  return row ? Number(row) : null;
}
