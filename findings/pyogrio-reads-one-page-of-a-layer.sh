#!/usr/bin/env bash
# pyogrio reads one page of a FeatureServer by its address and calls it the layer; GDAL's driver would ask for the others.
#
# The answer says exceededTransferLimit, on which GDAL's ESRIJSON driver asks on with resultOffset. pyogrio puts /vsicurl/
# before each address of the web, so that the driver sees a file on a disk that has no next page: 2 of 5 rows come, and no
# warning. With the prefix ESRIJSON: the address is left alone, and all rows come.
# What we do: docs/geoservices.md gives the address with its prefix.
set -euo pipefail
work=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "pyarrow==26.0.1" "numpy==2.4.6" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cat >"$work/serve.py" <<'PY'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ROWS, PAGE = 5, 2


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        start = int(asked.get("resultOffset", ["0"])[0])
        page = range(start + 1, min(start + PAGE, ROWS) + 1)
        answer = {
            "objectIdFieldName": "OBJECTID",
            "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 4326},
            "fields": [{"name": "OBJECTID", "type": "esriFieldTypeOID", "alias": "OBJECTID"}],
            "exceededTransferLimit": start + PAGE < ROWS,
            "features": [{"attributes": {"OBJECTID": row}, "geometry": {"x": row, "y": 1}} for row in page],
        }
        if "returnCountOnly" in asked:
            answer = {"count": ROWS}
        body = json.dumps(answer, separators=(",", ":")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/serve.py" >"$work/port" 2>"$work/log" & server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
"$work/venv/bin/python" -W ignore - "$(cat "$work/port")" <<'PY'
import sys

import pyogrio

address = f"http://127.0.0.1:{sys.argv[1]}/arcgis/rest/services/calls/FeatureServer/0/query?where=1=1&outFields=*&f=json"
print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}, a layer of 5 rows in pages of 2")
rows = {name: pyogrio.read_arrow(prefix + address)[1].num_rows for name, prefix in (("address", ""), ("ESRIJSON:address", "ESRIJSON:"))}
for name, number in rows.items():
    print(f"{name}: {number} rows")
sys.exit(0 if rows == {"address": 2, "ESRIJSON:address": 5} else 1)
PY
# Seen:
#   pyogrio 0.13.0, GDAL 3.12.4, a layer of 5 rows in pages of 2
#   address: 2 rows
#   ESRIJSON:address: 5 rows
