#!/usr/bin/env bash
# GDAL writes no FlatGeobuf file of a table in which one row has no geometry, unless the spatial index is switched off.
#
# The format allows a feature without geometry, and the same table goes into GeoPackage, with its index, and into GeoJSON.
# FlatGeobuf's index is on by default; the error comes at the end, when all rows have been sent.
# What follows for whoever adds the format: SPATIAL_INDEX=NO where rows may lack a point, as masked rows do.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "geopandas==1.1.1" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from pathlib import Path

import geopandas
import pyogrio
from shapely import Point

table = geopandas.GeoDataFrame({"number": [1, 2]}, geometry=[Point(-80, 32), None], crs=4326)
print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")


def rows(path: str, **options: str) -> str:
    """Write the table; return how many rows are read back, or why it could not be written."""
    try:
        pyogrio.write_dataframe(table, path, **options)
    except Exception as error:
        return f"refused: {str(error).splitlines()[0]}"
    return f"{len(pyogrio.read_dataframe(path))} rows"


found = {
    "GeoPackage": rows("a.gpkg"),
    "GeoJSON": rows("a.geojson"),
    "FlatGeobuf": rows("a.fgb"),
    "FlatGeobuf without index": rows("b.fgb", SPATIAL_INDEX="NO"),
}
for name, result in found.items():
    print(f"{name}: {result}")
expected = found["FlatGeobuf"].startswith("refused") and all(
    result == "2 rows" for name, result in found.items() if name != "FlatGeobuf"
)
sys.exit(0 if expected else 1)
PY
