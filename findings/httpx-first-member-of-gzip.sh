#!/usr/bin/env bash
# httpx stops at the end of the first member of gzip and gives half of a table without an error; curl refuses the answer.
#
# RFC 1952 has a gzip file be one member or several in a row, which `gunzip` unpacks to one text; what is packed piece by
# piece and strung together is such a file. Sent with Content-Encoding: gzip and its right length, requests and aiohttp give
# all of it. httpx drops whatever follows the first member, with status 200; libcurl raises "Multi-member gzip response
# not supported". What we do: files strung together of packed parts are made one member, with a checksum combined of theirs.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "httpx==0.28.1" "pycurl==7.49.0" "requests==2.34.2" "urllib3==2.8.0" "aiohttp==3.14.5" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import asyncio
import gzip
import http.server
import sys
import threading
from importlib.metadata import version
from io import BytesIO

import aiohttp
import httpx
import pycurl
import requests

BODY = gzip.compress(b"row 1\n") + gzip.compress(b"row 2\n")


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"


def by_curl() -> bytes:
    got, curl = BytesIO(), pycurl.Curl()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.ACCEPT_ENCODING, "gzip")
    curl.setopt(pycurl.NOPROXY, "*")
    curl.setopt(pycurl.WRITEDATA, got)
    try:
        curl.perform()
    except pycurl.error as error:
        return str(error).encode()
    return got.getvalue()


def by_requests() -> bytes:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url).content


async def by_aiohttp() -> bytes:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return await response.read()


got = {
    f"httpx {version('httpx')}": httpx.get(url, trust_env=False).content,
    pycurl.version.split()[1].replace("/", " "): by_curl(),
    f"requests {version('requests')}": by_requests(),
    f"aiohttp {version('aiohttp')}": asyncio.run(by_aiohttp()),
}
print("two members of gzip:", gzip.decompress(BODY))
for client, text in got.items():
    print(f"{client}: {text}")
whole, half = b"row 1\nrow 2\n", b"row 1\n"
seen = list(got.values())
sys.exit(0 if seen[0] == half and b"not supported" in seen[1] and seen[2:] == [whole, whole] else 1)
PY
# Seen:
#   two members of gzip: b'row 1\nrow 2\n'
#   httpx 0.28.1: b'row 1\n'
#   libcurl 8.23.0: b"(23, 'Multi-member gzip response not supported')"
#   requests 2.34.2: b'row 1\nrow 2\n'
#   aiohttp 3.14.5: b'row 1\nrow 2\n'
