#!/usr/bin/env bash
# Two readers of Esri's protocol buffers take each grid for one whose rows count down, whatever the answer says.
#
# An answer in this format (FeatureCollection.proto, Apache-2.0) has its points on a grid, and says in
# quantizeOriginPostion whether rows count from the upper left (0) or the lower left (1) corner. arcgis-rest-js and
# arcgis-pbf-parser negate the scale in both cases, so that points of a grid from the lower left come out mirrored.
# arcgis-rest-js also gives the truth of the field null_value as the value: a text that is null becomes `true`.
# What follows for a server: upper left for every grid that nobody asked for, and a null as a value without a field.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-audit --no-fund @esri/arcgis-rest-feature-service@4.10.2 @esri/arcgis-rest-portal@4.10.2 \
  @esri/arcgis-rest-request@4.10.2 arcgis-pbf-parser@0.0.4 >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat >read.mjs <<'JS'
import { createServer } from "node:http";
import { queryFeatures } from "@esri/arcgis-rest-feature-service";
import read from "arcgis-pbf-parser";

// Just enough of the encoding to write a feature with a text that is null, at 10 degrees west, 20 degrees north.
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
const number = (field, n) => [...varint(field * 8), ...varint(n)];
const message = (field, ...parts) => [...varint(field * 8 + 2), ...varint(parts.flat().length), ...parts.flat()];
const text = (field, value) => message(field, [...new TextEncoder().encode(value)]);
const double = (field, value) => [...varint(field * 8 + 1), ...new Uint8Array(new Float64Array([value]).buffer)];
const grid = (lower) => message(12, number(1, lower), message(2, double(1, 1), double(2, 1)),
  message(3, double(1, -10), double(2, lower ? 0 : 40)));
const fields = [message(13, text(1, "OBJECTID"), number(2, 6)), message(13, text(1, "note"), number(2, 4))];
const values = [message(1, number(5, 1)), message(1, number(10, 1))];
const feature = message(15, ...values, message(2, message(2, [1]), message(3, [0, 40])));
const answer = (lower) => Uint8Array.from(message(2, message(1, text(1, "OBJECTID"), number(7, 0), grid(lower), ...fields, feature)));

let lower = 0;
const server = createServer((_, response) => {
  response.setHeader("Content-Type", "application/x-protobuf");
  response.end(answer(lower));
}).listen(0);
const url = `http://127.0.0.1:${server.address().port}/arcgis/rest/services/a/FeatureServer/0`;
const shown = {};
for (const [name, flag] of [["upper left", 0], ["lower left", 1]]) {
  lower = flag;
  const [one] = read(answer(flag)).featureCollection.features;
  const [two] = (await queryFeatures({ url, where: "1=1", f: "pbf-as-arcgis" })).features;
  shown[name] = [one.geometry.coordinates[1], two.geometry.y, two.attributes.note];
  console.log(`${name}: a point at 20 degrees north is at ${shown[name][0]} for arcgis-pbf-parser 0.0.4, at ${shown[name][1]}`
    + ` for arcgis-rest-js 4.10.2, which takes a null for ${shown[name][2]}`);
}
server.close();
const seen = JSON.stringify(shown) === '{"upper left":[20,20,true],"lower left":[-20,-20,true]}';
process.exit(seen ? 0 : 1);
JS
node read.mjs 2>&1 | grep -v deprecated
exit "${PIPESTATUS[0]}"
