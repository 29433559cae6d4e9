/**
 * The buttons above a map that draw on it: a box, a shape, a circle of 500 m. In: a map, which tools. Out: a place for a
 * filter, drawn on the map; what happens is said to who does not see it.
 */
import type { GeoJSONSource, Map as LibreMap } from "maplibre-gl";
import type { Filter, Position } from "../../filter/filter";
import { METRES } from "../../filter/near";
import { make } from "../../page";
import type { Words } from "../../words";
import { Buttons, type Offer } from "./buttons";
import { Hand } from "./hand";
import { Pencil, type Step, type Tool } from "./pencil";
import { goTo } from "../ground";
import { boxAround, drawnBy, EMPTY, MOST_CORNERS } from "./shapes";

/** What tools draw on. */
export interface Sheet {
  readonly element: HTMLElement;
  readonly words: Words;
  /** Null before it is drawn, and where nothing can be. */
  readonly map: LibreMap | null;
  /** Whether a click says what is there; not while somebody draws. */
  reads: boolean;
  /** Put the focus on the map. */
  focus(): void;
}

/** The parts of a filter that are drawn. */
type Place = Pick<Filter, "box" | "polygon" | "near">;

interface Work {
  readonly pencil: Pencil;
  readonly hand: Hand;
}

/** Whether two filters have the same place: what is drawn anew makes the map draw everything. */
function isSame({ box, polygon, near }: Place, other: Place | null): boolean {
  return other !== null && box === other.box && polygon === other.polygon && near === other.near;
}

export class Tools {
  readonly element: HTMLElement;
  private readonly sheet: Sheet;
  private readonly drawn: (change: Partial<Filter>) => void;
  private readonly buttons: Buttons;
  private readonly live = make("p", { role: "status", class: "cp-map-said" });
  private work: Work | null = null;
  private filter: Place | null = null;

  /** They stand above the map before it is drawn, so that it stays where it is; `drawn` is called with what was drawn. */
  constructor(sheet: Sheet, tools: readonly Tool[], drawn: (change: Partial<Filter>) => void) {
    this.sheet = sheet;
    this.drawn = drawn;
    this.buttons = new Buttons(sheet.words, tools, (tool) => this.take(tool));
    this.element = make("div", {}, this.buttons.element, this.live);
  }

  /** Draw what the filter has, and go to a circle that could not be seen; a brush leaves all as it is. */
  show({ filter }: { readonly filter: Place }): void {
    if (!this.sheet.map || isSame(filter, this.filter)) return;
    const isElsewhere = filter.near?.at.join() !== this.filter?.near?.at.join();
    this.filter = filter;
    this.draw("shape", drawnBy(filter));
    if (filter.near && isElsewhere) goTo(this.sheet.map, boxAround(filter.near));
  }

  /** Take a tool, or put it away where it is in the hand already. */
  private take(tool: Tool): void {
    const { map } = this.sheet;
    if (!map) return;
    if (this.work?.pencil.tool === tool) {
      this.end();
      return;
    }
    this.putAway();
    const pencil = new Pencil(tool);
    this.hold({ pencil, hand: this.handFor(pencil, map) });
    this.sheet.focus();
    this.explain(tool, map);
  }

  private handFor(pencil: Pencil, map: LibreMap): Hand {
    return new Hand(map, () => pencil.corners, pencil.tool === "box", {
      point: (position) => this.follow(pencil.point(position, map.getZoom()), position),
      again: () => this.follow(pencil.close()),
      drag: (from, to) => this.drag(pencil, from, to, map.getZoom()),
      moved: (position) => this.sketch(position),
      back: () => this.back(),
      end: () => this.end(),
    });
  }

  private drag(pencil: Pencil, from: Position, to: Position, zoom: number): void {
    if (pencil.corners.length === 0) pencil.point(from, zoom);
    this.follow(pencil.point(to, zoom));
  }

  /** Do what came of a step, and say it. */
  private follow(step: Step, cursor: Position = [0, 0]): void {
    if (!step) return;
    if ("whole" in step) this.finish(step.whole);
    else if ("fault" in step) this.say(`shape_${step.fault}`, { n: MOST_CORNERS });
    else this.goOn(step.corner, cursor);
  }

  private goOn([longitude, latitude]: Position, cursor: Position): void {
    this.sketch(cursor);
    this.offer();
    this.say("corner", { i: this.work?.pencil.corners.length ?? 0, at: `${latitude}, ${longitude}` });
  }

  private finish(change: Partial<Filter>): void {
    const tool = this.work?.pencil.tool ?? "box";
    this.putAway();
    this.say(`drawn_${tool}`, { metres: METRES });
    this.drawn(change);
  }

  private back(): void {
    const { pencil } = this.work ?? {};
    const n = pencil?.corners.length ?? 0;
    if (!pencil?.back()) {
      this.end();
      return;
    }
    this.sketch(pencil.corners.at(-1) ?? [0, 0]);
    this.offer();
    this.say("corner_back", { i: n });
  }

  private end(): void {
    this.putAway();
    this.say("drawn_none");
  }

  private putAway(): void {
    const { inUse } = this.buttons;
    this.work?.hand.leave();
    this.hold(null);
    this.draw("sketch", EMPTY);
    if (inUse) this.sheet.focus();
  }

  /** Take a tool into the hand, or none; while one is there, the map says nothing of its rows. */
  private hold(work: Work | null): void {
    this.work = work;
    this.buttons.mark(work?.pencil.tool ?? null);
    this.sheet.reads = work === null;
    this.sheet.element.classList.toggle("cp-drawing", work !== null);
    this.offer();
  }

  private offer(): void {
    this.buttons.offer(this.work ? this.offers(this.work.pencil) : []);
  }

  private offers({ tool, corners }: Pencil): Offer[] {
    const close: Offer = { key: "draw_close", act: () => this.follow(this.work?.pencil.close() ?? null), can: corners.length > 2 };
    const back: Offer = { key: "draw_back", act: () => this.back(), can: corners.length > 0 };
    const end: Offer = { key: "draw_end", act: () => this.end(), can: true };
    return [...(tool === "polygon" ? [close] : []), ...(tool === "near" ? [] : [back]), end];
  }

  private sketch(cursor: Position): void {
    if (this.work) this.draw("sketch", this.work.pencil.sketch(cursor));
  }

  private draw(source: "shape" | "sketch", drawn: Parameters<GeoJSONSource["setData"]>[0]): void {
    void this.sheet.map?.getSource<GeoJSONSource>(source)?.setData(drawn);
  }

  /** Say how to draw; who came by mouse or finger does not see what is for keys. */
  private explain(tool: Tool, map: LibreMap): void {
    const { words } = this.sheet;
    const byKeys = map.getCanvas().matches(":focus-visible");
    const keys = make("span", { class: byKeys ? "" : "cp-hidden" }, words.say(`keys_${tool}`));
    this.live.replaceChildren(words.say(`drawing_${tool}`), " ", keys);
  }

  private say(key: string, values: Readonly<Record<string, string | number>> = {}): void {
    this.live.textContent = this.sheet.words.say(key, values);
  }
}
