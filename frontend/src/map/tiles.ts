/**
 * The source of a table's cells and points: vector tiles of its present version, under one question after the other.
 * Tiles of another question are fetched while the map still shows those of the one before, and take their place in one
 * frame: none is drawn without rows, or with rows of both. In: a description and a question. Out: a source.
 */
import { addProtocol, type Map as LibreMap, type VectorSourceSpecification } from "maplibre-gl";
import { answerOf } from "../service";
import type { MapDescription } from "./description";

export const SOURCE = "rows";
export const CELLS = "cells";
export const POINTS = "points";
/** The layer of a tile that has not all of its rows, with `shown` and `total`. */
export const CAPPED = "capped";
/** The zoom from which tiles have points in place of cells. */
export const POINTS_FROM = 14;
const DEEPEST = 16;
/** Pixels of a vector tile, as MapLibre lays them out. */
const SIZE = 512;
const TILE = "application/vnd.mapbox-vector-tile";
/** Maps ask this page for tiles by the number of their `Tiles`, and not the portal. */
const PROTOCOL = "cpdi-rows";
const ASKED = /:\/\/(\d+)\/(\d+)\/(\d+)\/(\d+)$/;

const made: Tiles[] = [];

interface Place {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export class Tiles {
  readonly source: VectorSourceSpecification;
  private readonly description: MapDescription;
  /** The question whose rows the map has. */
  private question: string;
  private fetched = new Map<string, Promise<ArrayBuffer>>();

  constructor(description: MapDescription, question: string) {
    this.description = description;
    this.question = question;
    if (made.length === 0) addProtocol(PROTOCOL, async ({ url }, { signal }) => ({ data: await asked(url, signal) }));
    const number = made.push(this) - 1;
    this.source = { type: "vector", tiles: [`${PROTOCOL}://${number}/{z}/{x}/{y}`], minzoom: 0, maxzoom: DEEPEST, promoteId: { [POINTS]: "_id" } };
  }

  /**
   * Give the map the rows of another question; returns false where `signal` gave it up meanwhile. What does not come is
   * asked for again by the map, which says so.
   */
  async change(map: LibreMap, question: string, before: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    const places = map.coveringTiles({ tileSize: SIZE, minzoom: 0, maxzoom: DEEPEST }).map(({ canonical }) => canonical);
    const addresses = places.map((place) => this.addressOf(place, question));
    const fetched = new Map(addresses.map((address) => [address, read(address, signal)]));
    await Promise.all([before, Promise.allSettled(fetched.values())]);
    // A tile that is on its way already could come after one of the new question, and would be none of it.
    while (!signal.aborted && !map.isSourceLoaded(SOURCE)) await map.once("sourcedata");
    if (signal.aborted) return false;
    this.question = question;
    this.fetched = fetched;
    map.refreshTiles(SOURCE);
    return true;
  }

  /** A tile is given once: the map keeps it, and hands its memory to the thread that draws it. */
  async give(place: Place, signal: AbortSignal): Promise<ArrayBuffer> {
    const address = this.addressOf(place, this.question);
    const known = this.fetched.get(address);
    this.fetched.delete(address);
    return (await known?.catch(() => undefined)) ?? read(address, signal);
  }

  private addressOf({ x, y, z }: Place, question: string): string {
    const path = this.description.tiles.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
    return `${location.origin}${path}${question ? `?${question}` : ""}`;
  }
}

async function asked(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const [number = -1, z = 0, x = 0, y = 0] = (ASKED.exec(url) ?? []).slice(1).map(Number);
  const tiles = made[number];
  if (!tiles) throw new Error(`${url} is no tile`);
  return tiles.give({ z, x, y }, signal);
}

async function read(address: string, signal: AbortSignal): Promise<ArrayBuffer> {
  return (await answerOf(address, signal, TILE)).arrayBuffer();
}
