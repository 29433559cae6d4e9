/** Asks the service for the counts under a filter; one question is under way at a time. */
import { Cube } from "./cube";
import { answerOf, ServiceError } from "../service";
import type { CountsDocument } from "./document";

const KEPT = 20;

export class Counts {
  private readonly address: string;
  private readonly kept = new Map<string, Cube>();
  private underWay: AbortController | null = null;

  /** `address` is that of the service, without a question. */
  constructor(address: string) {
    this.address = address;
  }

  /**
   * Return the counts for a question such as `team=1`; null where another question was asked meanwhile. Raises
   * ServiceError. Back and forward find their counts here.
   */
  async ask(question: string): Promise<Cube | null> {
    this.underWay?.abort();
    const asked = (this.underWay = new AbortController());
    const known = this.kept.get(question);
    if (known) return known;
    try {
      const cube = new Cube(await this.read(question, asked.signal));
      this.keep(question, cube);
      return cube;
    } catch (error) {
      if (asked.signal.aborted) return null;
      throw error instanceof ServiceError ? error : new ServiceError("", 0);
    }
  }

  private async read(question: string, signal: AbortSignal): Promise<CountsDocument> {
    const response = await answerOf(question ? `${this.address}?${question}` : this.address, signal);
    return (await response.json()) as CountsDocument;
  }

  private keep(question: string, cube: Cube): void {
    this.kept.set(question, cube);
    const oldest = this.kept.keys().next();
    if (this.kept.size > KEPT && !oldest.done) this.kept.delete(oldest.value);
  }
}
