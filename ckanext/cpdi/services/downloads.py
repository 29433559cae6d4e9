"""``/data``: the files of each dataset, whole and by year, and the Data Packages that describe them.

In: an address such as ``/data/calls-for-service/2025.csv``. Out: a file of one version, with what HTTP needs to keep
it, ask for it again and fetch parts of it; or plain words (JSON where the client wants it) on what there is instead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import psycopg
from flask import Blueprint, Response, redirect, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.published import published
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import PACKAGE, Address, address_of, parse
from ckanext.cpdi.publish.snapshot_store import Snapshot
from ckanext.cpdi.services import chosen_rows
from ckanext.cpdi.services.http import parameters
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import (
    answer_again,
    no_such_file,
    open_to_all,
    say,
    send,
    unbuilt,
    unpublished,
    url,
)
from ckanext.cpdi.services.http.encoding import send_packed
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import refuse_unrouted
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.zones import zone_of

blueprint = Blueprint("cpdi_downloads", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep a file: no longer than an answer on who may read it."""
DESCRIBED = "application/json"


def _unrouted(status: int, words: str, _: str) -> Response:
    """Say, below ``/data``, that no route has the path or takes the method."""
    return open_to_all(no_such_file() if status == 404 else say(status, f"{words[0].upper()}{words[1:]}."))


refuse_unrouted(blueprint, _unrouted)


@blueprint.route("/", defaults={"path": ""})
@blueprint.route("/<path:path>")
def show(path: str) -> Response:
    """Answer with the file, or with what there is instead."""
    address = parse(path)
    dataset = config.library().get(address.dataset) if address else None
    allowed = readers(dataset.name) if dataset and dataset.table else Readers.NOBODY
    if address is None or dataset is None or allowed is Readers.NOBODY:
        return no_such_file()
    chosen = parameters.selecting(dataset, request.args)
    unknown = [name for name in chosen if not chosen_rows.is_choice(dataset, name)]
    if unknown:
        words = (
            f"These parameters choose no rows here: {', '.join(unknown)}. Those that do: {addresses.url('/help/links')}"
        )
        return say(400, words, [url(address)])
    if chosen and address.extension:
        return chosen_rows.answer(dataset, address, allowed)
    response = _file(dataset, address)
    if response.status_code >= 400:
        return response
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def _file(dataset: Dataset, address: Address) -> Response:
    """Return the file at ``address``; found again where a build took it away just now.

    Where the default view is a year, the plain address answers with the file of the year that it is now, and says
    beside it where that file lies for good.
    """
    folder, served_address, year_start = config.files_path(), address, None
    year = _shown_year(dataset, address)
    if year:
        served_address, year_start = replace(address, year=year), datetime(year, 1, 1, tzinfo=zone_of(dataset.name))
        if address.sidecar:  # it names its file by a path that begins where the sidecar lies
            return cast(Response, redirect(addresses.path(served_address.path), 307))
    response = answer_again(lambda: _sent(folder, dataset, served_address, year_start))
    if year_start and response.status_code < 400:
        response.headers["Content-Location"] = addresses.path(served_address.path)
    return response


def _shown_year(dataset: Dataset, address: Address) -> int | None:
    """Return the year whose file the plain address answers with; None where it has a file of its own."""
    named = address.whole or address.year or address.about or not address.extension
    if named or dataset.default_view == "all":
        return None
    return dataset.shown_year(zone_of(dataset.name), datetime.now(UTC))


def _sent(folder: Path, dataset: Dataset, address: Address, year_start: datetime | None) -> Response:
    """Return the file at ``address`` in ``folder``, or what there is instead; raise FileNotFoundError where it went.

    A year will have a file from ``year_start`` on, even where it has none yet; before that another one was served.
    """
    if not address.extension:
        package = folder / address.dataset / PACKAGE
        return _send(package, None) if package.exists() else _not_yet(dataset)
    files = snapshot_store.files(folder, address.dataset)
    snapshot = _wanted(folder, files, address)
    if not files:
        return _not_yet(dataset)
    if snapshot is None and year_start and address.extension in config.formats(dataset.table):
        return unbuilt()
    if snapshot is None:
        others = [address_of(dataset, snapshot.year, snapshot.extension) for snapshot in files]
        return say(404, "There is no such file of this dataset. There are:", [url(other) for other in others])
    if year_start:
        snapshot = replace(snapshot, last_modified=max(snapshot.last_modified, year_start))
    response = _send(snapshot.sidecar if address.sidecar else snapshot.path, snapshot, address.sidecar)
    if not address.sidecar and response.status_code < 400:
        described = url(address_of(dataset, snapshot.year, snapshot.extension, True, snapshot.about))
        response.headers["Link"] = f'<{described}>; rel="describedby"; type="{DESCRIBED}"'
    return response


def _not_yet(dataset: Dataset) -> Response:
    """Say that the files are being built, or, where no run has published the table, that there are no rows."""
    try:
        known = published(config.read_dsn(), dataset.name)
    except psycopg.Error as error:
        return say(status_of(error), "The files cannot be looked up at the moment. Please try again in a minute.")
    return unbuilt() if known else unpublished()


def _wanted(folder: Path, files: list[Snapshot], address: Address) -> Snapshot | None:
    """Return the file at ``address``: one of those with rows, or what tells about them."""
    if address.about:
        snapshot = snapshot_store.find_about(folder, address.dataset, address.about)
        return snapshot if snapshot and snapshot.extension == address.extension else None
    key = (address.extension, address.year)
    return next((file for file in files if (file.extension, file.year) == key), None)


def _send(path: Path, snapshot: Snapshot | None, sidecar: bool = False) -> Response:
    """Return the file of ``snapshot``, its ``sidecar``, or, without one, the Data Package of the dataset."""
    if snapshot is None:
        return send(path, DESCRIBED)
    if sidecar:
        return send(path, DESCRIBED, etag=f"{snapshot.etag}-package", last_modified=snapshot.last_modified)

    def of(content: Path, etag: str) -> Response:
        name, modified = snapshot.download_name, snapshot.last_modified
        return send(content, snapshot.media_type, name=name, etag=etag, last_modified=modified)

    response = send_packed(snapshot, of) if snapshot.is_packed else of(path, snapshot.etag)
    if response.status_code < 400:
        response.headers["Content-Type"] = snapshot.media_type  # Flask would name an encoding of its own
    return response
