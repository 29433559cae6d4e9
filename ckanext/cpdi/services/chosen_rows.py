"""``/data/DATASET.EXT?…``: the rows that a link chooses, in every format of files.

In: a dataset, an address, and the parameters of the link. Out: a file that is streamed from one transaction, or
written to the disk first where the format wants that; or words on what is wrong with the question.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, request
from werkzeug.http import dump_options_header

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.errors import Said
from ckanext.cpdi.publish.address import Address, address_of
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format, StreamFormat
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.recipe import recipe
from ckanext.cpdi.query.columnar import file_order
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.query.grammars.page import LIMIT, PARAMETERS, SORT, parse_limit, parse_sort
from ckanext.cpdi.query.notation.moments import in_year
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Condition, all_of
from ckanext.cpdi.selection.errors import TooManyRowsError
from ckanext.cpdi.selection.extract import extract
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.answer import no_such_file, say, url
from ckanext.cpdi.services.http.refusal import naming, refuses_in
from ckanext.cpdi.services.http.table import open_table
from ckanext.cpdi.services.http.turns import turn
from ckanext.cpdi.services.http.version import of_version

SECONDS = 600
"""Seconds that reading the rows of one answer may take; then the stream breaks off."""
_FORGOTTEN = 3600
"""Seconds after which nobody reads a file of chosen rows any more."""
_BLOCK = 1 << 20


def is_choice(dataset: Dataset, name: str) -> bool:
    """Return whether the parameter ``name`` chooses rows of ``dataset``; others are left unheeded."""
    return name in PARAMETERS or link.is_parameter(name, dataset.rows)


def answer(dataset: Dataset, address: Address, allowed: Readers) -> Response:
    """Answer with the rows of ``dataset`` that the request's parameters choose, as the file at ``address`` has them."""
    if address.extension not in config.formats(dataset.table) or address.sidecar or address.about:
        return no_such_file()
    kind = formats()[address.extension]
    return refuses_in(lambda status, words, name: _refusal(dataset, address, status, words, name))(_answer)(
        dataset, address, kind, allowed
    )


def _answer(dataset: Dataset, address: Address, kind: Format, allowed: Readers) -> Response:
    with ExitStack() as stack:
        reader = stack.enter_context(open_table(dataset))
        profile = config.profile_in(reader.state.zone)
        year = _year(dataset, address, profile)
        form = "-".join(str(part) for part in (year or "all", recipe(dataset, profile, config.site()), kind.extension))

        def make() -> Response:
            part = _part(reader, dataset, kind, profile, year)
            reader.allow(SECONDS)
            return _sent(part, kind, stack)

        return of_version(reader.state, form, allowed, make)


def _refusal(dataset: Dataset, address: Address, status: int, words: str, parameter: str) -> Response:
    """Return ``words`` with where the whole file is, and where the parameters are described."""
    whole = [url(address_of(dataset, address.year, address.extension))]
    return say(status, naming(words, parameter), whole)


def _year(dataset: Dataset, address: Address, profile: Profile) -> int | None:
    """Return the year whose rows the address is for: the one it names, or that of the default view."""
    if address.whole or address.year:
        return address.year
    return dataset.shown_year(profile.zone, datetime.now(UTC))


def _part(reader: Reader, dataset: Dataset, kind: Format, profile: Profile, year: int | None) -> Extract:
    """Return the chosen rows; raise TooManyRowsError where they are more than the format may have."""
    table, arguments = dataset.rows, request.args
    pairs = [pair for pair in arguments.items(multi=True) if link.is_parameter(pair[0], table)]
    conditions: list[Condition] = [link.parse(pairs, table, profile.zone, config.areas())]
    if year:
        time = Columns(table).find(table.time_field.name)
        conditions.append(in_year(time, year, profile.zone))
    condition, limit = all_of(conditions), parse_limit(arguments.getlist(LIMIT))
    order = parse_sort(arguments.getlist(SORT), Columns(table)) or file_order(table)
    rows = reader.count(condition)
    rows = rows if limit is None else min(rows, limit)
    limits = config.limits()
    most = limits.chosen_rows if isinstance(kind, StreamFormat) else limits.spooled_rows
    if rows > most:
        raise TooManyRowsError(
            Said(
                "the link chooses {rows:,} rows, and a file of chosen rows has {most:,} in this "
                "format at most: choose less (limit, from, to), another format, or the whole file",
                rows=rows,
                most=most,
            )
        )
    names = tuple(field.name for field in table.fields)
    return extract(reader, dataset, profile, config.site(), Selection(names, condition, order, limit), rows, year)


def _sent(part: Extract, kind: Format, stack: ExitStack) -> Response:
    """Return the file of ``part``; what ``stack`` holds is given back when the last byte was read."""
    response = Response(mimetype=None)
    response.headers["Content-Type"] = kind.media_type
    name = f"{part.name}_{part.version}_chosen.{kind.extension}"
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    response.automatically_set_content_length = False
    if request.method == "HEAD":
        return response
    if isinstance(kind, StreamFormat):
        blocks = kind.stream(part)
    else:
        path = _written(part, kind, stack)
        response.content_length = path.stat().st_size
        blocks = _blocks(path)
    reading = stack.pop_all()
    response.response = _read_to_end(reading, blocks)
    response.call_on_close(reading.close)
    return response


def _written(part: Extract, kind: Format, stack: ExitStack) -> Path:
    """Return the file of ``part``, in a folder that goes with ``stack``; written when it is its turn."""
    folder = config.chosen_path()
    with turn(folder):
        _sweep(folder)
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chosen-", dir=folder)))
        path = own / f"{part.name}.{kind.extension}"
        kind.write(part, path)
    return path


def _sweep(folder: Path) -> None:
    """Remove what a process left that was killed while it sent."""
    for left in folder.glob("chosen-*"):
        if time.time() - left.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(left, ignore_errors=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _read_to_end(reading: ExitStack, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``blocks``; end the transaction after the last of them."""
    with reading:
        yield from blocks
