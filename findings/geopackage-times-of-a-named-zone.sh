#!/usr/bin/env bash
# GDAL writes an Arrow column of instants into a GeoPackage as local text without a zone where the column's zone has a
# name, and as UTC with a Z where the zone is called UTC.
#
# Both columns below hold the same instant; Arrow keeps instants in UTC and a zone only for display. GeoPackage 1.2 wants
# UTC with a Z. The column of the named zone comes out as UTC digits without the Z: a reader takes them for wall time of
# no zone, here 9 November 04:30 in place of 8 November 23:30, and nothing warns. What we do: instants go to GDAL in a
# column whose zone is UTC.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q pyogrio==0.13.0 pyarrow==26.0.1 numpy==2.4.6 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sqlite3
import sys
from datetime import datetime, timezone

import pyarrow as pa
import pyogrio

when = datetime(2026, 11, 9, 4, 30, tzinfo=timezone.utc)
columns = {
    "named": pa.array([when], pa.timestamp("us", "America/New_York")),
    "utc": pa.array([when], pa.timestamp("us", "UTC")),
    "geometry": pa.array([bytes.fromhex("0101000000000000000000000000000000000000") + b"\0"], pa.binary()),
}
pyogrio.write_arrow(
    pa.table(columns), "t.gpkg", driver="GPKG", layer="t", geometry_name="geometry", geometry_type="Point", crs="EPSG:4326"
)
named, utc = sqlite3.connect("t.gpkg").execute("SELECT named, utc FROM t").fetchone()
print(f"pyogrio {pyogrio.__version__}, GDAL {'.'.join(map(str, pyogrio.__gdal_version__))}, pyarrow {pa.__version__}")
print(f"named zone: {named}\nUTC:        {utc}")
sys.exit(0 if utc.endswith("Z") and not named.endswith("Z") else 1)
PY
# Seen:
#   pyogrio 0.13.0, GDAL 3.12.4, pyarrow 26.0.1
#   named zone: 2026-11-09T04:30:00
#   UTC:        2026-11-09T04:30:00Z
