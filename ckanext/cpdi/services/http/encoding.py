"""Packed files as readers want them: as they lie, by ``Content-Encoding: gzip``, or plain.

Who takes gzip gets the packed bytes, whose ETag is another one (RFC 9110, 8.8.3). A part is always one of the plain
file: that is what programs mean, whatever they say that they take. A plain copy is made only for what is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Response, request
from werkzeug.http import dump_options_header

from ckanext.cpdi import config
from ckanext.cpdi.publish import unpacked
from ckanext.cpdi.publish.snapshot_store import Snapshot
from ckanext.cpdi.services.http.headers import vary

GZIP = "gzip"
Send = Callable[[Path, str], Response]
"""Sends the file at a path by an ETag."""


def send_packed(snapshot: Snapshot, send: Send) -> Response:
    """Return the packed file of ``snapshot``, or a plain copy, by way of ``send``.

    Raises FileNotFoundError where it is not there any more.
    """
    if is_gzip_wanted():
        response = send(snapshot.path, f"{snapshot.etag}-{GZIP}")
        if response.status_code == 200:
            response.headers["Content-Encoding"] = GZIP
    else:
        response = _plain(snapshot, send)
    return vary(response, "Accept-Encoding") if response.status_code < 400 else response


def is_gzip_wanted() -> bool:
    """Return whether the client takes gzip, and asks for no part."""
    return "Range" not in request.headers and request.accept_encodings.quality(GZIP) > 0


def _plain(snapshot: Snapshot, send: Send) -> Response:
    """Return the plain file; the blocks themselves where there can be no copy, or none is needed."""
    streamed = _streamed(snapshot)
    if streamed.status_code != 200 or request.method == "HEAD":
        return streamed
    try:
        copy = unpacked.copy_of(snapshot, config.unpacked_bytes())
    except unpacked.NoCopyError:
        return streamed
    return send(copy, snapshot.etag)


def _streamed(snapshot: Snapshot) -> Response:
    """Return the whole file, unpacked while it is sent, or that the client has it already; nothing is read yet."""
    response = Response(snapshot.blocks(), mimetype=snapshot.media_type)
    response.content_length = snapshot.size
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": snapshot.download_name})
    response.set_etag(snapshot.etag)
    response.last_modified = snapshot.last_modified
    asked = {name: value for name, value in request.environ.items() if name not in ("HTTP_RANGE", "HTTP_IF_RANGE")}
    response.make_conditional(asked, accept_ranges=True, complete_length=snapshot.size)
    return response
