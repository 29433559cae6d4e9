#!/usr/bin/env bash
# Two clients made from an OpenAPI document send the box of OGC API Features in four pieces, though the document says in one.
#
# OGC 17-069r4 describes `bbox` as a list in form style with `explode: false`, which is bbox=-80,32,-79,33. The code that
# openapi-python-client makes and the calls of openapi-fetch repeat the name for each number, as if explode were true;
# style pipeDelimited goes unheeded as well. A server that reads one value then has a box of one number.
# What follows for a server: refuse a repeated box by a sentence that says how to send it. With openapi-fetch, whose types
# come from the document and whose calls do not, querySerializer has to be set by hand.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "openapi-python-client==0.29.1" "httpx==0.28.1" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
npm install --silent --no-save --no-audit --no-fund openapi-fetch@0.17.0 >npm.log 2>&1 || { cat npm.log >&2; exit 2; }
cat >features.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Calls", "version": "1"},
  "paths": {
    "/collections/calls/items": {
      "get": {
        "operationId": "items",
        "parameters": [
          {"name": "bbox", "in": "query", "style": "form", "explode": false,
           "schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}},
          {"name": "teams", "in": "query", "style": "pipeDelimited", "explode": false,
           "schema": {"type": "array", "items": {"type": "string"}}}
        ],
        "responses": {"200": {"description": "Features", "content": {"application/geo+json": {"schema": {"type": "object"}}}}}
      }
    }
  }
}
JSON
echo "post_hooks: []" >options.yaml
"$work/venv/bin/openapi-python-client" generate --path features.json --config options.yaml --meta none --output-path calls >made.log 2>&1 \
  || { cat made.log >&2; exit 2; }
"$work/venv/bin/python" - >seen <<'PY'
import urllib.parse

import httpx
from calls import Client
from calls.api.default import items


def answer(request):
    print(f"openapi-python-client 0.29.1: {urllib.parse.unquote(request.url.query.decode())}")
    return httpx.Response(200, json={}, headers={"Content-Type": "application/geo+json"})


client = Client(base_url="http://127.0.0.1", httpx_args={"transport": httpx.MockTransport(answer)})
items.sync_detailed(client=client, bbox=[-80, 32, -79, 33], teams=["1", "5"])
PY
cat >ask.mjs <<'JS'
import createClient from "openapi-fetch";

const fetch = async ({ url }) => {
  console.log(`openapi-fetch 0.17.0: ${decodeURIComponent(new URL(url).search.slice(1))}`);
  return new Response("{}", { headers: { "Content-Type": "application/geo+json" } });
};
const query = { bbox: [-80, 32, -79, 33], teams: ["1", "5"] };
await createClient({ baseUrl: "http://127.0.0.1", fetch }).GET("/collections/calls/items", { params: { query } });
JS
node ask.mjs >>seen
cat seen
[ "$(grep -c ': bbox=-80&bbox=32&bbox=-79&bbox=33&teams=1&teams=5$' seen)" = 2 ]
# Seen:
#   openapi-python-client 0.29.1: bbox=-80&bbox=32&bbox=-79&bbox=33&teams=1&teams=5
#   openapi-fetch 0.17.0: bbox=-80&bbox=32&bbox=-79&bbox=33&teams=1&teams=5
