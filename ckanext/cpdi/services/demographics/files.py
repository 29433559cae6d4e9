"""``/data/TABLE/demographics/NAME.csv`` and ``.json``: the people in a table's rows, by one characteristic and year.

There is no query behind them: the file is always the whole declared table.
"""

from __future__ import annotations

import hashlib

import psycopg
from flask import Blueprint, Response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.publish import demographics
from ckanext.cpdi.publish.demographics import CountTable
from ckanext.cpdi.selection.demographics import count_tables
from ckanext.cpdi.selection.errors import BusyError, TooSlowError
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import no_such_file, open_to_all, say
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.leave import cancelled_with_client
from ckanext.cpdi.services.http.statuses import status_of

blueprint = Blueprint("cpdi_demographics", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep a file: no longer than an answer on who may read it."""


@blueprint.get("/<dataset>/demographics/<name>.<any(csv, json):extension>")
def show(dataset: str, name: str, extension: str) -> Response:
    """Answer with a table; 404 with what there is where it is none, or no year of it has been counted."""
    allowed = readers(dataset) if config.library().get(dataset) else Readers.NOBODY
    if allowed is Readers.NOBODY:
        return no_such_file()
    try:
        tables = read(dataset)
    except (BusyError, TooSlowError, psycopg.Error) as error:
        return say(status_of(error), "The counts cannot be read at the moment. Please try again in a minute.")
    table = next((counts for counts in tables if counts.declared.name == name), None)
    if table is None:
        names = [demographics.path(dataset, counts.declared.name, "csv") for counts in tables]
        return say(404, "There is no such table of people. There are:", map(addresses.url, names))
    response = _file(table, extension)
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def read(dataset: str) -> tuple[CountTable, ...]:
    """Return the tables of people of a table of rows; raises what :func:`transaction` raises."""
    with (
        transaction(config.read_dsn(), config.limits().query_seconds) as connection,
        cancelled_with_client(connection),
    ):
        return count_tables(connection, config.library().dataset(dataset))


def _file(table: CountTable, extension: str) -> Response:
    text = demographics.write(table, extension)
    response = Response(text, content_type=demographics.EXTENSIONS[extension])
    name = f"{table.dataset.name}-{table.declared.name}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:24])
    response.make_conditional(request)
    return response
