#!/usr/bin/env bash
# pygeofilter takes the four numbers of a box in CQL2 JSON for x, x, y, y, and a point in LIKE for any one character.
#
# CQL2 (OGC 21-065r2) has west, south, east, north in `bbox`, `_` for one character in LIKE, and three arguments of
# `between`. Here a box of one degree becomes one from 80 degrees west to 32 east and from 79 south to 33 north, `A.1`
# finds AB1 as well, `between` as the standard writes it is a TypeError, and BBOX(…) in text a function that no backend
# knows. What we do: query/grammars/ reads CQL2 by itself. With the library, send boxes as polygons.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pygeofilter==0.4.0" "geopandas==1.2.0" "shapely==2.2.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

import geopandas
from pygeofilter.backends.geopandas.evaluate import to_filter
from pygeofilter.parsers.cql2_json import parse as parse_json
from pygeofilter.parsers.cql2_text import parse as parse_text
from shapely import Point

PLACES = [Point(-79.5, 32.5), Point(0, 0), Point(-80.5, 32.5)]
TABLE = geopandas.GeoDataFrame({"name": ["A.1", "AB1", "B"], "minutes": [4, 5, 6]}, geometry=PLACES, crs=4326)
FIELDS = {name: name for name in TABLE}
BOX = {"bbox": [-80, 32, -79, 33]}
FILTERS = {
    "the box -80, 32, -79, 33 as JSON": lambda: parse_json({"op": "s_intersects", "args": [{"property": "geometry"}, BOX]}),
    "the same as text": lambda: parse_text("S_INTERSECTS(geometry, BBOX(-80, 32, -79, 33))"),
    "name LIKE 'A.1' as JSON": lambda: parse_json({"op": "like", "args": [{"property": "name"}, "A.1"]}),
    "name LIKE 'A.1' as text": lambda: parse_text("name LIKE 'A.1'"),
    "minutes between 4 and 5 as JSON": lambda: parse_json({"op": "between", "args": [{"property": "minutes"}, 4, 5]}),
}


def names(parsed) -> str:
    try:
        return ", ".join(TABLE[to_filter(TABLE, parsed(), FIELDS, {})]["name"])
    except (KeyError, TypeError) as error:
        return repr(error)


print(f"pygeofilter {version('pygeofilter')}; A.1 lies in the box, AB1 at 0, 0, B a degree to the west of A.1")
seen = {text: names(parsed) for text, parsed in FILTERS.items()}
for text, result in seen.items():
    print(f"{text}: {result}")
*found, between = seen.values()
sys.exit(0 if found == ["A.1, AB1", "KeyError('bbox')", "A.1, AB1", "A.1, AB1"] and "TypeError" in between else 1)
PY
# Seen:
#   pygeofilter 0.4.0; A.1 lies in the box, AB1 at 0, 0, B a degree to the west of A.1
#   the box -80, 32, -79, 33 as JSON: A.1, AB1
#   the same as text: KeyError('bbox')
#   name LIKE 'A.1' as JSON: A.1, AB1
#   name LIKE 'A.1' as text: A.1, AB1
#   minutes between 4 and 5 as JSON: TypeError("'int' object is not subscriptable")
