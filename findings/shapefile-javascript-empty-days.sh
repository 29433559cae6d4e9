#!/usr/bin/env bash
# Readers of Shapefiles in JavaScript take an empty day, as GDAL writes it, for 30 November 1899.
#
# A dBASE table has no null; GDAL and pyshp write eight zeros for a day that is not known, and know it again. shpjs and
# the package shapefile hand the zeros to Date as year, month and day. A day that is there is midnight of the machine's zone,
# so that it is the day before as JSON anywhere east of Greenwich; a truth that is not known (?) is false for shpjs.
# What follows for whoever publishes Shapefiles: a day that may be empty stands in a text, beside a date or in place of it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "pyarrow==26.0.1" "numpy==2.4.6" "pyshp==3.1.6" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
npm install --silent --no-save --no-audit --no-fund shpjs@6.2.0 shapefile@0.6.6 >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import datetime

import pyarrow as pa
import pyogrio
import shapefile

point = bytes.fromhex("0101000000000000000000000000000000000000") + b"\0"
table = pa.table({
    "day": pa.array([datetime.date(2026, 11, 1), None], pa.date32()),
    "open": pa.array([True, None], pa.bool_()),
    "geometry": pa.array([point, point], pa.binary()),
})
pyogrio.write_arrow(table, "calls.shp", driver="ESRI Shapefile", geometry_name="geometry", geometry_type="Point", crs="EPSG:4326")
_, read = pyogrio.read_arrow("calls.shp")
print(f"GDAL {pyogrio.__gdal_version_string__}: {read['day'].to_pylist()[1]}; pyshp {shapefile.__version__}: {shapefile.Reader('calls').record(1)['day']}")
PY
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { open } from "shapefile";
import shp from "shpjs";

const whole = await shp({ shp: readFileSync("calls.shp"), dbf: readFileSync("calls.dbf") });
const one = whole.features.map(({ properties }) => properties);
const source = await open("calls.shp", "calls.dbf");
const two = [(await source.read()).value.properties, (await source.read()).value.properties];
const day = (value) => (value instanceof Date ? value.toDateString() : String(value));
console.log(`TZ=${process.env.TZ}, an empty day: shpjs 6.2.0 ${day(one[1].day)}, shapefile 0.6.6 ${day(two[1].day)}`);
console.log(`1 November 2026 as JSON: shpjs ${JSON.stringify(one[0].day)}, shapefile ${JSON.stringify(two[0].day)}`);
console.log(`a truth that is not known: shpjs ${one[1].open}, shapefile ${two[1].open}`);
const seen = [one, two].every((rows) => day(rows[1].day) === "Thu Nov 30 1899" && JSON.stringify(rows[0].day).startsWith('"2026-10-31'));
process.exit(seen && one[1].open === false && two[1].open === null ? 0 : 1);
JS
TZ=Europe/Berlin node read.mjs
# Seen:
#   GDAL 3.12.4: None; pyshp 3.1.6: None
#   TZ=Europe/Berlin, an empty day: shpjs 6.2.0 Thu Nov 30 1899, shapefile 0.6.6 Thu Nov 30 1899
#   1 November 2026 as JSON: shpjs "2026-10-31T23:00:00.000Z", shapefile "2026-10-31T23:00:00.000Z"
#   a truth that is not known: shpjs false, shapefile null
