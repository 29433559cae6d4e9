#!/usr/bin/env bash
# Koop's FeatureServer takes a text for a date where ISO 8601 could mean one: a beat 1231 is a year, a number 2026-121 a day.
#
# Where the provider names no fields, the answers in Esri's JSON look at the first feature alone. Its texts `2026-121` (day
# 121 of a year, for ISO 8601) and `1231` make both columns dates in every row: the beat is a millisecond of the year 1231,
# and whatever JavaScript reads no date in is null. The same layer's own document, and GeoJSON, call both columns texts.
# What follows for a provider: give every field with its type in metadata.fields, for texts above all.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-save --no-audit --no-fund @koopjs/featureserver@9.3.0 @koopjs/winnow@5.0.4 >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat >ask.cjs <<'JS'
const server = require("@koopjs/featureserver");
server.setLogger({ logger: new Proxy({}, { get: () => () => {} }) });

const FIELDS = [{ name: "id", type: "Integer" }, { name: "number", type: "String" }, { name: "beat", type: "String" }];
const ROWS = [{ id: 1, number: "2026-121", beat: "1231" }, { id: 2, number: "2026-000122", beat: "A12" }];
const layer = (fields) => ({
  type: "FeatureCollection",
  metadata: { idField: "id", ...(fields && { fields }) },
  features: ROWS.map((properties) => ({ type: "Feature", geometry: { type: "Point", coordinates: [-80, 32] }, properties })),
});
const ask = (what, query, fields) => {
  let answer;
  const response = { status: () => response, set() {}, json: (body) => (answer = body), send: (body) => (answer = body) };
  const url = "/FeatureServer/0/query";
  server[what]({ params: { layer: "0", method: "query" }, query, url, originalUrl: url, headers: {}, app: { locals: {} }, get() {} }, response, layer(fields));
  return answer;
};
const types = (answer) => answer.fields.slice(1).map((field) => field.type.replace("esriFieldType", "")).join(", ");
const rows = (answer) => JSON.stringify(answer.features.map((one) => one.attributes ?? one.properties).map(({ number, beat }) => [number, beat]));

const plain = ask("query", { f: "json", outFields: "*" });
const geojson = ask("query", { f: "geojson", outFields: "*" });
const named = ask("query", { f: "json", outFields: "*" }, FIELDS);
const document = ask("layerInfo", { f: "json" });
console.log(`@koopjs/featureserver 9.3.0, the layer's document: ${types(document)}`);
console.log(`f=json: ${types(plain)}: ${rows(plain)}`);
console.log(`f=geojson: ${rows(geojson)}`);
console.log(`f=json, with metadata.fields: ${types(named)}: ${rows(named)}`);
const whole = '[["2026-121","1231"],["2026-000122","A12"]]';
const seen = types(document) === "String, String" && types(plain) === "Date, Date" && rows(geojson) === whole && rows(named) === whole
  && rows(plain) === `[[null,${Date.UTC(1231, 0, 1)}],[null,null]]`;
process.exit(seen ? 0 : 1);
JS
node --no-deprecation ask.cjs
# Seen:
#   @koopjs/featureserver 9.3.0, the layer's document: String, String
#   f=json: Date, Date: [[null,-23320569600000],[null,null]]
#   f=geojson: [["2026-121","1231"],["2026-000122","A12"]]
#   f=json, with metadata.fields: String, String: [["2026-121","1231"],["2026-000122","A12"]]
