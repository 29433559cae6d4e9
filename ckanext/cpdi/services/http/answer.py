"""What ``/data`` says where it has no file to send, and how scripts of any site may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, jsonify, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ckanext.cpdi import addresses, config
from ckanext.cpdi.publish.address import PACKAGE, Address
from ckanext.cpdi.services.http import ranges
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.handover import hand_over
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of

RETRY = 300
"""Seconds after which to ask again for files that have not been built."""
_SHOWN = (
    "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Last-Modified, Link, Cpdi-Version,"
    " Cpdi-Rows, Cpdi-Capped, Cpdi-Removed-Until, Content-Crs"
)


def open_to_all(response: Response) -> Response:
    """Let scripts of any site read the answer, with its headers."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Range, If-Range, If-None-Match, If-Modified-Since"
    response.headers["Access-Control-Expose-Headers"] = _SHOWN
    return response


def open_to_questions(response: Response) -> Response:
    """Let scripts of any site send questions by POST, too, and read the answer."""
    open_to_all(response)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] += ", Content-Type"
    response.headers["Access-Control-Max-Age"] = "3600"
    return response


def say(status: int, message: str, addresses: Iterable[str] = ()) -> Response:
    """Return ``message`` with ``addresses`` to go on to, as plain text, or JSON where the client prefers it."""
    kinds = ["text/plain", "application/json"]
    if request.accept_mimetypes.best_match(kinds, "text/plain") == "application/json":
        response = jsonify({"error": message, "addresses": list(addresses)})
    else:
        response = Response("\n".join([message, *addresses, ""]), mimetype="text/plain")
    response.status_code = status
    return cache(response, 0)


def send(
    path: Path,
    media_type: str,
    *,
    name: str | None = None,
    etag: str = "",
    last_modified: datetime | None = None,
) -> Response:
    """Return a file, or the part of it that is asked for, or that the client has it already.

    With a ``name`` it is to be saved under that; without an ``etag`` it has one of its size and its time. Raises
    FileNotFoundError where it is not there any more.
    """
    facts = path.stat()
    etag = etag or f"{facts.st_mtime_ns:x}-{facts.st_size:x}"
    modified = last_modified or datetime.fromtimestamp(facts.st_mtime, UTC)
    header = request.headers.get("Range", "")
    if not ranges.is_wanted(request.method, request.headers, etag, modified) or ranges.is_empty(header):
        request.environ.pop("HTTP_RANGE", None)  # Flask would refuse, or misread, what is to be left unheeded
    try:
        response = send_file(
            path.absolute(),
            mimetype=media_type,
            as_attachment=name is not None,
            download_name=name,
            etag=etag,
            last_modified=modified,
            conditional=True,
        )
    except RequestedRangeNotSatisfiable as error:
        return _beyond(facts.st_size, status_of(error))
    empty = request.method == "GET" and ranges.is_empty(header)
    if empty and response.status_code == 200:
        return _beyond(facts.st_size, status_of(RequestedRangeNotSatisfiable))
    return hand_over(response, path)


def _beyond(size: int, status: int) -> Response:
    """Return that a file of ``size`` bytes has not the part that was asked for."""
    response = say(status, "The file ends before the part that was asked for.")
    response.headers["Content-Range"] = f"bytes */{size}"
    return response


def no_such_file() -> Response:
    """Return that there is none, with what there is of every dataset that everybody may read."""
    folder = config.files_path()
    names = [table.name for table in config.library().tables if (folder / table.name / PACKAGE).exists()]
    urls = [url(Address(name)) for name in names if readers(name) is Readers.EVERYBODY]
    return say(404, "There is no such file." + (" There are files of these datasets:" if urls else ""), urls)


def answer_again(answer: Callable[[], Response]) -> Response:
    """Return ``answer()``, asked once more where a build took its file away meanwhile; 503 where it did so again."""
    for _ in range(2):
        try:
            return answer()
        except FileNotFoundError:
            continue
    response = say(503, "The file is being replaced just now. Please ask again.")
    response.headers["Retry-After"] = "1"
    return response


def unpublished() -> Response:
    """Return that no run has published anything yet."""
    return say(404, "No rows of this dataset have been published yet. What is published:", [addresses.url("/status")])


def unbuilt() -> Response:
    """Return that the files are still to come."""
    response = say(503, "The files of this dataset have not been built yet. Please ask again in some minutes.")
    response.headers["Retry-After"] = str(RETRY)
    return response


def url(address: Address) -> str:
    """Return the full URL of ``address``."""
    return addresses.url(address.path)
