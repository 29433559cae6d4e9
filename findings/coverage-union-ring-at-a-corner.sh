#!/usr/bin/env bash
# GEOS's coverage union makes an invalid polygon of a valid coverage whose cells close a ring at one corner.
#
# Seven unit squares around an empty one, the eighth left out, so that two of them meet at a corner alone. The coverage is
# valid (coverage_is_valid), its union by coverage_union_all is one ring that touches itself; union_all gives the same ground
# as a shell and a hole, which is valid. What follows for grids of cells: make_valid after the coverage union, or the
# slower union.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "shapely==2.1.2" "numpy==2.3.5" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import sys

import shapely

corners = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2)]
squares = [shapely.box(x, y, x + 1, y + 1) for x, y in corners]
coverage, plain = shapely.coverage_union_all(squares), shapely.union_all(squares)
print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}")
print("coverage is valid:", shapely.coverage_is_valid(squares))
for name, shape in (("coverage_union_all", coverage), ("union_all", plain), ("make_valid", shapely.make_valid(coverage))):
    print(f"{name}: {shape.geom_type}, area {shape.area:g}, {shapely.is_valid_reason(shape)}")
expected = (
    shapely.coverage_is_valid(squares)
    and not shapely.is_valid(coverage)
    and shapely.is_valid(plain)
    and shapely.make_valid(coverage).equals(plain)
)
sys.exit(0 if expected else 1)
PY
