/** A base map of one PMTiles file, pictures or vector tiles. In: where the file is. Out: a source and layers. */
import { addProtocol, type SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";
import { type Base, PREFIX } from "./base";
import { SOURCE, vectorLayers } from "./looks";

const protocol = new Protocol();
let added = false;

/** Return the base map of the file at `address`. Throws where it cannot be read. */
export async function archiveBase(address: string, language: string): Promise<Base> {
  if (!added) addProtocol("pmtiles", protocol.tile);
  added = true;
  const archive = new PMTiles(address);
  protocol.add(archive);
  const [header, told] = await Promise.all([archive.getHeader(), archive.getMetadata()]);
  const about = told as { readonly attribution?: string; readonly vector_layers?: readonly { readonly id: string }[] };
  const source = {
    tiles: [`pmtiles://${address}/{z}/{x}/{y}`],
    minzoom: header.minZoom,
    maxzoom: header.maxZoom,
    bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat] as [number, number, number, number],
    ...(about.attribution ? { attribution: about.attribution } : {}),
  };
  if (header.tileType !== TileType.Mvt) return pictures({ type: "raster", tileSize: 256, ...source });
  const names = (about.vector_layers ?? []).map((one) => one.id);
  return { sources: { [SOURCE]: { type: "vector", ...source } }, layers: vectorLayers(names, language) };
}

function pictures(source: SourceSpecification): Base {
  return { sources: { [SOURCE]: source }, layers: [{ id: `${PREFIX}pictures`, type: "raster", source: SOURCE }] };
}
