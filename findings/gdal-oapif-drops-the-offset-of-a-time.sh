#!/usr/bin/env bash
# GDAL's OGC API Features driver sends a time of a filter as UTC and drops its offset, so that other rows come back.
#
# A filter `at >= '2026-03-01T02:30:00-05:00'` is the instant 07:30 UTC. The driver asks the server for datetime from
# 02:30:00Z on, and does not test the rows itself: of one row an hour 21 come back, where 16 meet the filter.
# What follows for whoever reads such a service: write times of filters in UTC.
set -euo pipefail
work=$(mktemp -d); trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pyogrio==0.13.0" "pyarrow" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cat >"$work/serve.py" <<'PY'
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

TIMES = [f"2026-03-01T{hour:02}:00:00Z" for hour in range(24)]


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        base = f"http://127.0.0.1:{self.server.server_port}"
        asked = parse_qs(parts.query)
        if parts.path.endswith("/items"):
            with open(sys.argv[1], "a") as log:
                log.write(asked.get("datetime", [""])[0] + "\n")
            start = asked.get("datetime", ["0"])[0].split("/")[0]
            rows = [time for time in TIMES if start in ("0", "..") or time >= start]
            features = [
                {"type": "Feature", "id": row, "geometry": None, "properties": {"at": time}} for row, time in enumerate(rows)
            ]
            answer = {"type": "FeatureCollection", "features": features, "links": []}
        elif parts.path.rstrip("/").endswith("/calls"):
            answer = {"id": "calls", "links": [{"rel": "items", "type": "application/geo+json", "href": f"{base}/collections/calls/items"}]}
        elif parts.path.endswith("/collections"):
            answer = {"links": [], "collections": [{"id": "calls", "links": [{"rel": "items", "type": "application/geo+json", "href": f"{base}/collections/calls/items"}]}]}
        else:
            answer = {"links": [{"rel": "data", "type": "application/json", "href": f"{base}/collections"}]}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/geo+json" if "features" in answer else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 "$work/serve.py" "$work/asked" >"$work/port" & server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
"$work/venv/bin/python" -W ignore - "$(cat "$work/port")" "$work/asked" <<'PY'
import sys
from pathlib import Path

import pyogrio

print(f"pyogrio {pyogrio.__version__}, GDAL {pyogrio.__gdal_version_string__}")
where = "at >= '2026-03-01T02:30:00-05:00'"
_, table = pyogrio.read_arrow(f"OAPIF:http://127.0.0.1:{sys.argv[1]}/", layer="calls", where=where)
asked = [line for line in Path(sys.argv[2]).read_text().splitlines() if line]
print(f"{where}: the server is asked for datetime={asked[-1] if asked else 'nothing'}; {table.num_rows} rows come back")
wrong = bool(asked) and asked[-1].startswith("2026-03-01T02:30:00Z/") and table.num_rows == 21
sys.exit(0 if wrong else 1)
PY
