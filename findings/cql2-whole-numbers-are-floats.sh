#!/usr/bin/env bash
# The library cql2 turns every whole number of a filter into a float, so that long ones become other numbers.
#
# CQL2 (OGC 21-065r2) has integers, and ids beyond 2^53 are common: 9007199254740993 becomes 9007199254740992, in text
# and in JSON, alone, in lists and in ranges. Its text grammar also refuses a coordinate with an exponent, which
# well-known text allows.
# What follows for a server: read numbers of ids by other means, or compare them as texts.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "cql2==0.6.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import json
import sys
from importlib.metadata import version

import cql2

LONG = 9007199254740993
print(f"cql2 {version('cql2')}")
numbers = {
    f"id = {LONG}": lambda: cql2.parse_text(f"id = {LONG}").to_json()["args"][1],
    f"id IN ({LONG})": lambda: cql2.parse_text(f"id IN ({LONG})").to_json()["args"][1][0],
    f"JSON {LONG}": lambda: cql2.parse_json(
        json.dumps({"op": "=", "args": [{"property": "id"}, LONG]})
    ).to_json()["args"][1],
}
seen = {text: read() for text, read in numbers.items()}
for text, number in seen.items():
    print(f"{text}: {type(number).__name__} {number:.0f}")
try:
    cql2.parse_text("S_INTERSECTS(geom, POINT(-8.0e1 32))")
    exponent = "read"
except Exception as error:
    exponent = type(error).__name__
print(f"POINT(-8.0e1 32): {exponent}")
changed = all(isinstance(number, float) and int(number) == LONG - 1 for number in seen.values())
sys.exit(0 if changed and exponent == "ParseError" else 1)
PY
