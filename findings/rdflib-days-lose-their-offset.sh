#!/usr/bin/env bash
# rdflib reads an xsd:date with an offset as the day alone, so that three statements of a catalogue become one.
#
# XML Schema has days with an offset and without: 2026-11-01-05:00, 2026-11-01Z and 2026-11-01 are three values, the first two
# of which begin five hours apart. rdflib rewrites each literal on reading (NORMALIZE_LITERALS) by way of Python's date, which
# has no offset: it is gone from the graph and from each file that is written of it, nothing is said, and the literal does not
# count as ill-typed. An xsd:dateTime keeps its offset. With NORMALIZE_LITERALS off the text stays; the value is the day alone.
# What follows for a DCAT catalogue: state a day without an offset, or the moment as xsd:dateTime; a harvester that compares
# dates as texts turns the rewriting off before it reads.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "rdflib==7.6.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" -W error - <<'PY'
import sys

import rdflib
from rdflib import XSD, Graph, Literal

CATALOGUE = """
@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:example:calls> dct:issued "2026-11-01-05:00"^^xsd:date , "2026-11-01Z"^^xsd:date , "2026-11-01"^^xsd:date ;
    dct:modified "2026-11-01T00:00:00-05:00"^^xsd:dateTime .
"""


def read():
    graph = Graph().parse(data=CATALOGUE, format="turtle")
    return sorted(str(value) for value in graph.objects())


seen = [("as it comes", read()), ("a literal of its own", str(Literal("2026-11-01-05:00", datatype=XSD.date)))]
seen.append(("ill-typed", Literal("2026-11-01-05:00", datatype=XSD.date).ill_typed))
rdflib.NORMALIZE_LITERALS = False
seen.append(("not rewritten", read()))
seen.append(("its value", str(Literal("2026-11-01-05:00", datatype=XSD.date).value)))
wanted = [
    ("as it comes", ["2026-11-01", "2026-11-01T00:00:00-05:00"]),
    ("a literal of its own", "2026-11-01"),
    ("ill-typed", False),
    ("not rewritten", ["2026-11-01", "2026-11-01-05:00", "2026-11-01T00:00:00-05:00", "2026-11-01Z"]),
    ("its value", "2026-11-01"),
]
print(f"rdflib {rdflib.__version__}")
for what, value in seen:
    print(f"{what}: {value}")
sys.exit(0 if seen == wanted else "rdflib does otherwise now")
PY
