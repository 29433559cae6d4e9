#!/usr/bin/env bash
# The JavaScript reader of FlatGeobuf stops at the first feature without a geometry, which GDAL writes and reads.
#
# The schema makes a feature's geometry optional, and GDAL 3.12 writes such a feature where the file has no index. The
# npm package gives the features before it, then raises a TypeError; those behind it cannot be had.
# What follows for whoever publishes rows that may lack a place: name another format for browsers.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "geopandas==1.1.1" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
npm install --silent --no-save "flatgeobuf@4.4.0" >"$work/npm.log" 2>&1 || { cat "$work/npm.log" >&2; exit 2; }
"$work/venv/bin/python" -W ignore - <<'PY'
import geopandas
import pyogrio
from shapely import Point

print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
for name, points in {"placed": [Point(-80, 32), Point(-79, 32)], "mixed": [Point(-80, 32), None]}.items():
    table = geopandas.GeoDataFrame({"number": [1, 2]}, geometry=points, crs=4326)
    pyogrio.write_dataframe(table, f"{name}.fgb", SPATIAL_INDEX="NO")
    print(f"GDAL reads {len(pyogrio.read_dataframe(f'{name}.fgb'))} features of {name}.fgb")
PY
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { geojson } from "flatgeobuf";

const read = async (path) => {
  let features = 0;
  try {
    const bytes = new Uint8Array(readFileSync(path));
    const stream = new ReadableStream({ start: (to) => { to.enqueue(bytes); to.close(); } });
    for await (const _ of geojson.deserialize(stream)) features += 1;
    return `${features} features`;
  } catch (error) {
    return `${features} features, then ${error.constructor.name}`;
  }
};
const [placed, mixed] = [await read("placed.fgb"), await read("mixed.fgb")];
console.log(`flatgeobuf 4.4.0: placed.fgb ${placed}; mixed.fgb ${mixed}`);
process.exit(placed === "2 features" && mixed.endsWith("then TypeError") ? 0 : 1);
JS
node read.mjs
