/**
 * The operator's base map, below all that is ours. In: where it is. Out: sources and layers for MapLibre. What is not on
 * its own site or ours is not loaded; names are drawn by the reader's own fonts, as ours are.
 */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { answerOf } from "../../service";
import type { BaseMap } from "../description";

/** What a base map adds to a style. */
export interface Base {
  readonly sources: Readonly<Record<string, SourceSpecification>>;
  readonly layers: readonly LayerSpecification[];
  readonly sprite?: StyleSpecification["sprite"];
}

/** Ids of a base map begin so, and none of ours does. */
export const PREFIX = "base-";

/** Load the base map. Throws where that cannot be done. */
export async function baseOf(told: BaseMap, language: string): Promise<Base> {
  const address = new URL(told.address, location.href).href;
  if (told.kind === "pmtiles") return (await import("./archive")).archiveBase(address, language);
  const answer = await answerOf(address);
  return ofStyle((await answer.json()) as StyleSpecification, address);
}

/** Take what `style`, which lies at `address`, draws. Throws where it names another site than its own and ours. */
export function ofStyle(style: StyleSpecification, address: string): Base {
  const sources = Object.entries(style.sources).map(([name, source]) => [PREFIX + name, absolute(source, address)] as const);
  const layers = style.layers.map((layer) => ({ ...layer, id: PREFIX + layer.id, ...("source" in layer ? { source: `${PREFIX}${layer.source}` } : {}) }));
  return {
    sources: Object.fromEntries(sources),
    layers,
    ...(style.sprite ? { sprite: spriteOf(style.sprite, address) } : {}),
  };
}

/** Where a source says where something is: of tiles, of a description of them, of a picture or GeoJSON. */
function absolute(source: SourceSpecification, address: string): SourceSpecification {
  const parts = { ...source } as Record<string, unknown>;
  for (const key of ["url", "data"]) if (typeof parts[key] === "string") parts[key] = resolve(parts[key], address);
  const { tiles } = parts;
  if (Array.isArray(tiles)) parts["tiles"] = (tiles as string[]).map((tile) => resolve(tile, address));
  return parts as unknown as SourceSpecification;
}

function spriteOf(sprite: NonNullable<StyleSpecification["sprite"]>, address: string): NonNullable<StyleSpecification["sprite"]> {
  return typeof sprite === "string" ? resolve(sprite, address) : sprite.map(({ id, url }) => ({ id, url: resolve(url, address) }));
}

/** The address that `text` names, seen from `address`. Holes such as {z} stay as they are. */
function resolve(text: string, address: string): string {
  const url = new URL(text, address);
  if (![new URL(address).origin, location.origin].includes(url.origin)) throw new Error(`the base map names another site: ${url.origin}`);
  return url.href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}
