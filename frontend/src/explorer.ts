/**
 * The one state of the page: the filter, the counts under it, and the range of time that is brushed. Faces show it and
 * change it; they do not know each other. A change of the filter is in the address and asks the service once; a brush
 * asks nobody.
 */
import type { Cube } from "./counts/cube";
import { dayNumber } from "./counts/days";
import { Counts } from "./counts/fetch";
import type { Range } from "./counts/sums";
import { type Description, isColumn } from "./description";
import { changeFilter, type Filter } from "./filter/filter";
import { isRefusal, ServiceError } from "./service";
import { onBackOrForward, putInAddress } from "./filter/history";
import { type Grammar, type Question, readQuestion, writeFilter } from "./filter/parameters";
import { Words } from "./words";

/** What faces show. */
export interface View {
  readonly description: Description;
  readonly words: Words;
  readonly filter: Filter;
  /** The filter as a link has it, without its question mark; what services are asked with. */
  readonly question: string;
  /** How the page looks beside the filter: each face has parameters of its own, such as `sort`. */
  readonly looks: ReadonlyMap<string, string>;
  /** Counts under the filter; null before the first are there. */
  readonly cube: Cube | null;
  /** Bins that are brushed, all of them where nothing is. */
  readonly range: Range;
  /** `asked`: the counts are those of another filter; `failed`: `problem` says why there are none. */
  readonly state: "asked" | "there" | "failed";
  readonly problem: string;
  /** Whether a part did not get what it asked for, since the portal does not answer. */
  readonly lacking: boolean;
  /** How often everything was asked for again: where it differs, parts ask anew. */
  readonly attempt: number;
}

/** A part of the page. `show` is called with each change, in a brush for each movement: 10 ms are its share. */
export interface Face {
  show(view: View): void;
}

const NOTHING: Range = { first: 0, end: 0 };

export class Explorer {
  readonly description: Description;
  readonly words: Words;
  readonly grammar: Grammar;
  private readonly counts: Counts;
  private readonly faces = new Set<Face>();
  private readonly inAddress: boolean;
  private current: View;

  /** `query` is the question that the page begins with; `inAddress` whether the address follows the filter. */
  constructor(description: Description, query: string, inAddress: boolean) {
    this.description = description;
    this.words = new Words(description);
    this.counts = new Counts(description.counts);
    this.inAddress = inAddress;
    const { time, precision } = description;
    this.grammar = { time, precision, isColumn: (name) => isColumn(description, name) };
    this.current = this.viewOf(readQuestion(query, this.grammar));
  }

  /** Ask for the first counts. */
  async start(): Promise<void> {
    if (this.inAddress) onBackOrForward((query) => void this.go(readQuestion(query, this.grammar)));
    await this.ask();
  }

  get view(): View {
    return this.current;
  }

  add(face: Face): void {
    this.faces.add(face);
    face.show(this.current);
  }

  remove(face: Face): void {
    this.faces.delete(face);
  }

  /** Change the filter: one step in the address, one request. `again`: in place of the step before. */
  async set(change: Partial<Filter>, again = false): Promise<void> {
    await this.go({ filter: changeFilter(this.current.filter, change), looks: this.current.looks }, again ? "again" : "step");
  }

  /** Change how a face looks: in the address, without a step to go back to, and without a request. */
  look(name: string, value: string): void {
    const looks = new Map(this.current.looks);
    if (value) looks.set(name, value);
    else looks.delete(name);
    this.current = { ...this.current, looks };
    if (this.inAddress) putInAddress(this.address(), true);
    this.tell();
  }

  /** Show another range of time: no request, nothing in the address. */
  brush(range: Range): void {
    this.current = { ...this.current, range };
    this.tell();
  }

  /** Make a brushed range the period of the filter. */
  async commit(range: Range): Promise<void> {
    const { cube } = this.current;
    if (cube && range.end > range.first) await this.set(cube.daysOf(range));
  }

  /** A part did not get what it asked for; what a service refused is no better another time. */
  lack(error: unknown): void {
    if (this.current.lacking || isRefusal(error)) return;
    this.current = { ...this.current, lacking: true };
    this.tell();
  }

  /** Ask for everything again. */
  async again(): Promise<void> {
    this.current = { ...this.current, attempt: this.current.attempt + 1, state: "asked", lacking: false, problem: "" };
    await this.ask();
  }

  /** The question of a filter that differs from the present one, for links to it. */
  questionWith(change: Partial<Filter>): string {
    return writeFilter(changeFilter(this.current.filter, change), this.grammar);
  }

  private async go(question: Question, step?: "step" | "again"): Promise<void> {
    const { cube, range, state, filter, attempt } = this.current;
    this.current = { ...this.viewOf(question), cube, range, attempt };
    if (this.inAddress && step) putInAddress(this.address(), step === "again");
    if (cube && state === "there" && this.isCovered(cube, filter)) {
      this.current = { ...this.current, range: rangeOf(cube, question.filter), state };
      this.tell();
    } else await this.ask();
  }

  /** Whether `cube`, of the filter `before`, has each day of the present one: then there is nothing to ask for. */
  private isCovered(cube: Cube, before: Filter): boolean {
    const { filter } = this.current;
    const rest = (one: Filter): string => writeFilter({ ...one, from: "", to: "" }, this.grammar);
    return rest(before) === rest(filter) && covers(cube, filter);
  }

  /** The page of the explorer as it is now, wherever this one stands. */
  get wholePage(): string {
    const address = this.address();
    return this.description.page + (address && `?${address}`);
  }

  private address(): string {
    return writeFilter(this.current.filter, this.grammar, this.current.looks);
  }

  private viewOf({ filter, looks }: Question): View {
    const { description, words } = this;
    const question = writeFilter(filter, this.grammar);
    return { description, words, filter, question, looks, cube: null, range: NOTHING, state: "asked", problem: "", lacking: false, attempt: 0 };
  }

  private async ask(): Promise<void> {
    const { question } = this.current;
    const asked = this.counts.ask(question); // under way before the faces have work with it
    this.tell();
    try {
      const cube = await asked;
      if (cube) this.current = { ...this.current, cube, range: rangeOf(cube, this.current.filter), state: "there" };
    } catch (error) {
      const problem = error instanceof ServiceError && error.message ? error.message : this.words.say("unanswered");
      if (question === this.current.question) this.current = { ...this.current, state: "failed", problem, lacking: !isRefusal(error) };
    }
    this.tell();
  }

  /** A face with a fault is no reason for the others to stay as they were; the browser is told of it. */
  private tell(): void {
    for (const face of this.faces) {
      try {
        face.show(this.current);
      } catch (error) {
        reportError(error);
      }
    }
  }
}

/** Whether the days of a period, as far as the table has them, are bins of `cube`. */
function covers({ document, span }: Cube, { from, to }: Filter): boolean {
  if (document.bin !== "day" || !document.period) return false;
  const first = Math.max(from ? dayNumber(from) : span.first, span.first);
  const last = Math.min(to ? dayNumber(to) : span.last, span.last);
  return first <= last && first >= dayNumber(document.period.first) && last <= dayNumber(document.period.last);
}

/** The bins of the filter's period. */
function rangeOf(cube: Cube, { from, to }: Filter): Range {
  const { period } = cube.document;
  return period ? cube.rangeOf(dayNumber(from || period.first), dayNumber(to || period.last)) : NOTHING;
}
