#!/usr/bin/env bash
# Werkzeug's conditional files refuse what RFC 9110 lets a client send, and send parts that it says not to send.
#
# Seen in `send_file(…, conditional=True)`, which Flask uses: a unit of ranges that is not known, which is to be ignored
# (14.2), and several ranges, which may be answered whole, end in 416; `If-Range` with a weak ETag, which is never met
# (13.1.5 asks for a strong comparison), gets the part; the last 0 bytes, which no file can satisfy (14.1.2), are 206
# with all of it. What we do: services/http/ranges.py decides whether the header counts, and takes it away where it does not.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "werkzeug==3.1.8" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.test import create_environ
from werkzeug.utils import send_file


def status(**headers):
    environ = create_environ(headers={name.replace("_", "-"): value for name, value in headers.items()})
    with open("file", "wb") as file:
        file.write(bytes(100))
    try:
        response = send_file("file", environ, mimetype="text/plain", etag="v1", conditional=True)
    except RequestedRangeNotSatisfiable:
        return 416
    response.close()
    return response.status_code


found = {
    "Range: items=0-5": (status(Range="items=0-5"), 416),
    "Range: bytes=0-9,20-29": (status(Range="bytes=0-9,20-29"), 416),
    'Range: bytes=0-9, If-Range: W/"v1"': (status(Range="bytes=0-9", If_Range='W/"v1"'), 206),
    "Range: bytes=-0": (status(Range="bytes=-0"), 206),
}
for asked, (seen, _) in found.items():
    print(f"werkzeug {version('werkzeug')}, {asked}: {seen}")
sys.exit(0 if all(seen == before for seen, before in found.values()) else 1)
PY
