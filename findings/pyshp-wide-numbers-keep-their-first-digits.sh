#!/usr/bin/env bash
# pyshp writes the first digits of a number that is wider than its field: 1234567 in a field of five becomes 12345.
#
# One would expect an error, or the asterisks by which dBASE marks a number that did not fit. pyshp cuts the number like a
# text, so that 1234567 is a hundredth of itself and a length has lost its last digit and its places. Nothing warns, and what
# stands in the file is a number for every reader.
# What follows for whoever writes Shapefiles with pyshp: take a field's width from its largest number, with point and sign.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyshp==3.1.6" "pyogrio==0.13.0" "pyarrow==26.0.1" "numpy==2.4.6" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W error - <<'PY'
import sys

import pyogrio
import shapefile

ROW = {"number": 1234567, "metres": 123456789.25, "change": -1234567}
with shapefile.Writer("calls", shapeType=shapefile.POINT) as writer:
    writer.field("number", "N", 5, 0)
    writer.field("metres", "N", 8, 2)
    writer.field("change", "N", 5, 0)
    writer.point(-80, 32)
    writer.record(**ROW)
read = shapefile.Reader("calls").record(0).as_dict()
_, table = pyogrio.read_arrow("calls.shp", read_geometry=False)
gdal = table.to_pylist()[0]
print(f"pyshp {shapefile.__version__}, GDAL {pyogrio.__gdal_version_string__}")
for name, value in ROW.items():
    print(f"{name}: written {value}, pyshp reads {read[name]}, GDAL reads {gdal[name]}")
sys.exit(read != gdal or list(read.values()) != [12345, 12345678, -1234])
PY
# Seen:
#   pyshp 3.1.6, GDAL 3.12.4
#   number: written 1234567, pyshp reads 12345, GDAL reads 12345
#   metres: written 123456789.25, pyshp reads 12345678.0, GDAL reads 12345678.0
#   change: written -1234567, pyshp reads -1234, GDAL reads -1234
