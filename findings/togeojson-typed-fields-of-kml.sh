#!/usr/bin/env bash
# @tmcw/togeojson makes `true` of every typed truth in a KML, of 0 and of false as well, and 0 of an empty number.
#
# A Schema gives a SimpleField the type bool or double. The library casts by it, with JavaScript's own Boolean() and
# Number(): any text that is not empty is true, and the empty text is 0. GDAL reads the truths of the same file rightly.
# What we do: a number that is not there has no element, and truths are 0 and 1, for GIS programs. For a map in a browser
# take GeoJSON, or a document without its Schema, of which the library gives texts.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "geopandas==1.2.0" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
npm install --silent --no-save --no-audit --no-fund @tmcw/togeojson@7.1.3 @xmldom/xmldom@0.9.12 >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat >read.mjs <<'JS'
import { writeFileSync } from "node:fs";
import { kml } from "@tmcw/togeojson";
import { DOMParser } from "@xmldom/xmldom";

const mark = ([open, minutes]) => `<Placemark><ExtendedData><SchemaData schemaUrl="#calls"><SimpleData name="open">${open}</SimpleData>`
  + `<SimpleData name="minutes">${minutes}</SimpleData></SchemaData></ExtendedData><Point><coordinates>-80,32</coordinates></Point></Placemark>`;
const marks = [["1", "4.5"], ["0", "4.5"], ["true", ""], ["false", ""]].map(mark).join("");
const schema = '<Schema name="calls" id="calls"><SimpleField name="open" type="bool"/><SimpleField name="minutes" type="double"/></Schema>';
const text = `<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${schema}${marks}</Document></kml>`;
writeFileSync("calls.kml", text);
const { features } = kml(new DOMParser().parseFromString(text, "text/xml"));
const values = (name) => JSON.stringify(features.map(({ properties }) => properties[name]));
console.log(`@tmcw/togeojson 7.1.3, bool 1, 0, true, false: ${values("open")}; double 4.5, 4.5, empty, empty: ${values("minutes")}`);
process.exit(values("open") === "[true,true,true,true]" && values("minutes") === "[4.5,4.5,0,0]" ? 0 : 1);
JS
node read.mjs
"$work/venv/bin/python" -W ignore - <<'PY'
import sys

import pyogrio

truths = [bool(one) for one in pyogrio.read_dataframe("calls.kml")["open"]]
print(f"GDAL {pyogrio.__gdal_version_string__}: {truths}")
sys.exit(0 if truths == [True, False, True, False] else 1)
PY
# Seen:
#   @tmcw/togeojson 7.1.3, bool 1, 0, true, false: [true,true,true,true]; double 4.5, 4.5, empty, empty: [4.5,4.5,0,0]
#   GDAL 3.12.4: [True, False, True, False]
