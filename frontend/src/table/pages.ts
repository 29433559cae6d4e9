/** Rows by their number, from a service that gives pages; the pages that were seen last are kept, others are dropped. */
import { page, type RowFeature } from "../rows/service";

export const SIZE = 100;
const KEPT = 12;
/** Milliseconds that a place has to be looked at: who drags through a million rows asks for few of them. */
const REST = 60;

interface Heard {
  /** Rows have come. */
  arrived(): void;
  failed(error: unknown): void;
}

export class Pages {
  /** How many rows there are; null until a page has said it. */
  total: number | null = null;
  private readonly address: (offset: number) => string;
  private readonly heard: Heard;
  private readonly kept = new Map<number, readonly RowFeature[]>();
  private readonly asking = new Map<number, AbortController>();
  private waiting = 0;

  /** `address` is that of `SIZE` rows from an offset on. */
  constructor(address: (offset: number) => string, heard: Heard) {
    this.address = address;
    this.heard = heard;
  }

  /** The row with a number, from 0 on; undefined while it is not there. */
  row(number: number): RowFeature | undefined {
    return this.kept.get(Math.floor(number / SIZE))?.[number % SIZE];
  }

  /** Ask for the rows from `first` up to `end` that are not there. Others that were asked for are not waited for. */
  want(first: number, end: number): void {
    window.clearTimeout(this.waiting);
    if (this.total === null) this.ask(first, end);
    else this.waiting = window.setTimeout(() => this.ask(first, end), REST);
  }

  stop(): void {
    window.clearTimeout(this.waiting);
    for (const asked of this.asking.values()) asked.abort();
    this.asking.clear();
  }

  private ask(first: number, end: number): void {
    const wanted = new Set<number>();
    for (let at = Math.floor(first / SIZE); at * SIZE < Math.max(end, 1); at += 1) wanted.add(at);
    for (const [at, asked] of this.asking) {
      if (wanted.has(at)) continue;
      asked.abort();
      this.asking.delete(at);
    }
    for (const at of wanted) if (!this.use(at) && !this.asking.has(at)) void this.read(at);
  }

  /** Make a page the one that was seen last; return whether it is there. */
  private use(at: number): boolean {
    const rows = this.kept.get(at);
    if (!rows) return false;
    this.kept.delete(at);
    this.kept.set(at, rows);
    return true;
  }

  private async read(at: number): Promise<void> {
    const asked = new AbortController();
    this.asking.set(at, asked);
    try {
      const { features, matched } = await page(this.address(at * SIZE), asked.signal);
      this.keep(at, features, matched);
      this.heard.arrived();
    } catch (error) {
      if (!asked.signal.aborted) this.heard.failed(error);
    }
    if (this.asking.get(at) === asked) this.asking.delete(at);
  }

  private keep(at: number, rows: readonly RowFeature[], matched: number | undefined): void {
    this.kept.set(at, rows);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    // A service that is too busy to count says nothing: then there is one page more than what came, as long as it is full.
    const seen = at * SIZE + rows.length + (rows.length === SIZE ? SIZE : 0);
    this.total = matched ?? Math.max(this.total ?? 0, seen);
  }
}
