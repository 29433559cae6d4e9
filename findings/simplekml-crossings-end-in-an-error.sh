#!/usr/bin/env bash
# simplekml takes `King St & 4th St` in a name or a description, and fails on it in a field of data or in an address.
#
# The library makes &amp; of the sign in name, description and snippet, which reads as if it did so everywhere. The value of
# a Data element, <address> and <phoneNumber> go out as they are: the document is not well-formed, so that kml() raises an
# ExpatError for the whole of it, and without the indentation (format=False) a file comes out that is no XML.
# What follows for whoever makes KML of calls: escape these values (xml.sax.saxutils), but never a name, or write it by GDAL.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "simplekml==1.3.6" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import importlib.metadata
import sys
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import simplekml

CROSSING = "King St & 4th St"
WAYS = {
    "name": lambda point: setattr(point, "name", CROSSING),
    "description": lambda point: setattr(point, "description", CROSSING),
    "display name of data": lambda point: point.extendeddata.newdata("place", "1", displayname=CROSSING),
    "value of data": lambda point: point.extendeddata.newdata("place", CROSSING),
    "address": lambda point: setattr(point, "address", CROSSING),
}
seen = {}
print(f"simplekml {importlib.metadata.version('simplekml')}")
for name, put in WAYS.items():
    kml = simplekml.Kml()
    put(kml.newpoint(coords=[(-79.93, 32.78)]))
    try:
        kml.kml()
        whole = "a document"
    except ExpatError:
        whole = "ExpatError"
    try:
        found = CROSSING in ElementTree.fromstring(kml.kml(format=False)).itertext()
        plain = "reads back" if found else "reads otherwise"
    except ElementTree.ParseError:
        plain = "not well-formed"
    seen[name] = whole, plain
    print(f"{name}: {whole}; without indentation {plain}")
good, bad = ("a document", "reads back"), ("ExpatError", "not well-formed")
sys.exit(list(seen.values()) != [good, good, good, bad, bad])
PY
# Seen:
#   simplekml 1.3.6
#   name: a document; without indentation reads back
#   description: a document; without indentation reads back
#   display name of data: a document; without indentation reads back
#   value of data: ExpatError; without indentation not well-formed
#   address: ExpatError; without indentation not well-formed
