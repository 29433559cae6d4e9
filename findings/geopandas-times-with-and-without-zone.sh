#!/usr/bin/env bash
# geopandas (through pyogrio) calls every time of a column UTC where one of them has an offset: those without a zone, too.
#
# A KML time stamp may be a day (2023-11-05) or an instant (2023-11-05T01:30:00-04:00), and a file may hold both. GDAL
# keeps them apart, as ogrinfo shows: the day has no zone. In geopandas the column is datetime64[ms, UTC], and the day has
# become midnight of UTC, hours away from any midnight that was meant; nothing warns. What we do: time stamps of rows that
# show only their day stay days, since viewers make a span of them, and the instant stands in a field beside it, with its
# offset in every row.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q geopandas==1.2.0 pyogrio==0.13.0 pandas==3.1.1 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import geopandas
import pyogrio

marks = "".join(
    f"<Placemark><name>{when}</name><TimeStamp><when>{when}</when></TimeStamp></Placemark>"
    for when in ("2023-11-05T01:30:00-04:00", "2023-11-05")
)
with open("t.kml", "w", encoding="utf-8") as file:
    file.write(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="t">{marks}</Document></kml>')
found = geopandas.read_file("t.kml")["timestamp"]
print(f"geopandas {geopandas.__version__}, pyogrio {pyogrio.__version__}, GDAL {'.'.join(map(str, pyogrio.__gdal_version__))}")
print(found.to_string())
sys.exit(0 if str(found.iloc[1]) == "2023-11-05 00:00:00+00:00" else 1)
PY
# Seen:
#   geopandas 1.2.0, pyogrio 0.13.0, GDAL 3.12.4
#   0   2023-11-05 05:30:00+00:00
#   1   2023-11-05 00:00:00+00:00
