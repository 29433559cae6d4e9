"""A base map on a site of its own: a PMTiles file and a style, both of one colour."""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_file
from werkzeug.serving import make_server

CREDIT = "\N{COPYRIGHT SIGN} Tiles of a test"
_PNG, _PLAIN = 2, 1
_HEAD = 127


def png(colour: tuple[int, int, int]) -> bytes:
    """Return a picture of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" + bytes(colour))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pmtiles(tile: bytes) -> bytes:
    """Return an archive (version 3) whose one tile is the whole world."""
    assert len(tile) < 128  # a number of one byte in the directory
    directory = bytes((1, 0, 1, len(tile), 1))
    about = json.dumps({"attribution": CREDIT}).encode()
    at = (_HEAD, _HEAD + len(directory), _HEAD + len(directory) + len(about))
    end = at[2] + len(tile)
    places = (at[0], len(directory), at[1], len(about), end, 0, at[2], len(tile), 1, 1, 1)
    head = b"PMTiles\3" + struct.pack("<11Q", *places) + bytes((1, _PLAIN, _PLAIN, _PNG, 0, 0))
    head += struct.pack("<4iB2i", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    assert len(head) == _HEAD
    return head + directory + about + tile


@contextmanager
def base_maps(folder: Path, colour: tuple[int, int, int]) -> Iterator[tuple[str, list[Any]]]:
    """Serve ``/city.pmtiles`` and ``/style.json`` to scripts of any site; give the origin, and what is asked of it."""
    app, asked = Flask(__name__), list[Any]()
    (folder / "city.pmtiles").write_bytes(pmtiles(png(colour)))
    (folder / "all.png").write_bytes(png(colour))
    source = {"type": "raster", "tiles": ["/all.png?{z}/{x}/{y}"], "tileSize": 256, "attribution": CREDIT}
    layer = {"id": "all", "type": "raster", "source": "all"}
    (folder / "style.json").write_text(json.dumps({"version": 8, "sources": {"all": source}, "layers": [layer]}))

    @app.get("/<name>")
    def file(name: str) -> Response:
        asked.append((name, request.headers.get("Range")))
        return send_file(folder / name, conditional=True)

    @app.after_request
    def open_to_all(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "Range"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
