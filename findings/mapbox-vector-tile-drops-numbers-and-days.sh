#!/usr/bin/env bash
# mapbox-vector-tile leaves out of a tile, without a word, whole numbers of numpy, Decimals and days, and keeps numpy's floats.
#
# The encoder writes what is a str, bool, int or float. numpy's float64 is a kind of float, but its int64 and bool are no
# int and no bool; a `numeric` column comes from PostgreSQL as a Decimal. Such a field is in no feature of the tile, so that
# a style or a filter that asks for it finds nothing anywhere.
# What follows for whoever makes tiles in Python: turn each value into one of the four, or let the database write the tile.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "mapbox-vector-tile==2.2.0" "numpy==2.4.6" "protobuf==6.33.6" "shapely==2.2.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" -W error - <<'PY'
import datetime
import decimal
import importlib.metadata
import sys

import mapbox_vector_tile
import numpy

FIELDS = {
    "int": 3,
    "numpy.float64": numpy.float64(1.5),
    "numpy.int64": numpy.int64(3),
    "numpy.bool": numpy.bool_(True),
    "Decimal": decimal.Decimal("12.75"),
    "date": datetime.date(2026, 11, 1),
    "datetime": datetime.datetime(2026, 11, 1, 5, 30, tzinfo=datetime.UTC),
}
layer = {"name": "calls", "features": [{"geometry": "POINT (1 1)", "properties": FIELDS}]}
tile = mapbox_vector_tile.decode(mapbox_vector_tile.encode([layer]))
kept = tile["calls"]["features"][0]["properties"]
print(f"mapbox-vector-tile {importlib.metadata.version('mapbox-vector-tile')}, numpy {numpy.__version__}")
print(f"given: {', '.join(FIELDS)}")
print(f"in the tile: {kept}")
sys.exit(kept != {"int": 3, "numpy.float64": 1.5})
PY
# Seen:
#   mapbox-vector-tile 2.2.0, numpy 2.4.6
#   given: int, numpy.float64, numpy.int64, numpy.bool, Decimal, date, datetime
#   in the tile: {'int': 3, 'numpy.float64': 1.5}
