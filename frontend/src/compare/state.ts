/** The two sides of a comparison: the view's own counts, and those of the other filter, which is asked for once a change. */
import type { Cube } from "../counts/cube";
import { dayNumber } from "../counts/days";
import { Counts } from "../counts/fetch";
import type { Range } from "../counts/sums";
import { spanOf } from "../charts/time/chart";
import type { Span } from "../charts/time/grain";
import type { Explorer, View } from "../explorer";
import { ServiceError } from "../service";
import { changeTo, daysOf, namesOf, type Other, part, rangeIn, readOther } from "./other";

/** Parameter of the address that says what is compared with. */
export const WITH = "with";

/** Both sides of a view's range. */
export interface Sides {
  readonly other: Other;
  readonly now: { readonly cube: Cube; readonly span: Span; readonly range: Range; readonly name: string };
  readonly then: { readonly cube: Cube; readonly span: Span; readonly range: Range; readonly name: string };
}

export class Comparison {
  problem = "";
  private readonly explorer: Explorer;
  private readonly counts: Counts;
  private readonly changed: () => void;
  private asked = "";
  private cube: Cube | null = null;

  /** `changed` is called when counts of the other side are there, or are not to be had. */
  constructor(explorer: Explorer, changed: () => void) {
    this.explorer = explorer;
    this.counts = new Counts(explorer.description.counts);
    this.changed = changed;
  }

  /** Return what a view is compared with; null for nothing. */
  other({ looks }: Pick<View, "looks">): Other | null {
    return readOther(looks.get(WITH) ?? "", this.explorer.grammar.isColumn);
  }

  /** Return both sides; null before there are counts of both. The other side is asked for where it has changed. */
  sides(view: View): Sides | null {
    const [other, { cube }] = [this.other(view), view];
    const whole = cube && view.state === "there" ? wholeOf(cube) : null;
    if (!other || !cube || !whole) return null;
    const question = this.explorer.questionWith(changeTo(other, view.filter, whole));
    const asked = `${view.attempt} ${question}`;
    if (asked !== this.asked) void this.ask(question, asked);
    return this.cube && this.join(view, cube, this.cube, other, whole);
  }

  private join(view: View, cube: Cube, beside: Cube, other: Other, whole: Span): Sides | null {
    const brushed = spanOf(view, cube);
    if (!brushed) return null;
    const span = part(other, whole, brushed);
    const { now, then } = namesOf(view.words, other, view.filter, brushed, span);
    return {
      other,
      now: { cube, span: brushed, range: view.range, name: now },
      then: { cube: beside, span, range: rangeIn(beside, span), name: then },
    };
  }

  /** Return the days of the other side of the whole filter, for its form. */
  days(view: View): Span | null {
    const other = this.other(view);
    const whole = view.cube && wholeOf(view.cube);
    return other && whole ? daysOf(other, whole) : whole;
  }

  private async ask(question: string, asked: string): Promise<void> {
    this.asked = asked;
    this.cube = null;
    this.problem = "";
    try {
      const cube = await this.counts.ask(question);
      if (cube && asked === this.asked) this.cube = cube;
    } catch (error) {
      if (asked === this.asked) this.fail(error);
    }
    if (asked === this.asked) this.changed();
  }

  private fail(error: unknown): void {
    this.problem = error instanceof ServiceError && error.message ? error.message : this.explorer.words.say("unanswered");
    this.explorer.lack(error);
  }
}

function wholeOf({ document: { period } }: Cube): Span | null {
  return period ? { first: dayNumber(period.first), last: dayNumber(period.last) } : null;
}
