"""The filter that staff give to a view: read from what they type or paste, and checked as a question to the table is.

In: the parameters of a link, ``team=Team 2&from=2026-01-01``, or the whole address of an explorer's page or of a file.
Out: the parameters alone. How the page looks (``sort``, ``by``) is kept with them, what mails add to links is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from urllib.parse import parse_qsl, quote, urlencode

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.query.areas import Layers
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.services.ogc.answers import is_tracking

LOOKS = ("sort", "columns", "row", "by", "beside", "all", "rates", "with", "until", "layers")
"""Parameters of an explorer's address that choose no rows; they are the browser's."""
_PLAIN = ",:/()' "
"""Characters that people read more easily than their codes, and that part no parameters."""
_PAGE = re.compile(r"/(?:dataset/(?P<page>[^/]+)/explore|data/(?P<file>[^/.]+)(?:[/.][^?]*)?)/?$")
NOT_WRITTEN = Text(
    "A filter is written as in the address of the explorer, such as team=Team 2&from=2026-01-01, or is that whole"
    " address: {part} is neither",
    "Un filtro se escribe como en la dirección del explorador, por ejemplo team=Team 2&from=2026-01-01, o es esa"
    " dirección entera: {part} no es ninguna de las dos cosas",
)
ELSEWHERE = Text(
    "This is no address of this table: those of its explorer have /dataset/{table}/explore in them",
    "Esta no es una dirección de esta tabla: las de su explorador contienen /dataset/{table}/explore",
)


class PresetError(PortalError, ValueError):
    """What was given is no filter of this table; the message says what was expected."""


def read(text: object, dataset: Dataset, zone: tzinfo, areas: Layers, language: str) -> str:
    """Return the parameters that ``text`` gives, empty for all rows; the same again for what this returned.

    ``dataset`` is a table as the department has it, ``areas`` are the declared ones. Raises PresetError in
    ``language``, or QueryError where the grammar refuses what is asked.
    """
    if not isinstance(text, str):
        raise PresetError(NOT_WRITTEN.get(language).format(part=type(text).__name__))
    asked = list(_pairs(_question(text.strip(), dataset.name, language), language))
    link.parse([pair for pair in asked if pair[0] not in LOOKS], dataset.rows, zone, areas)
    return _written(asked)


def pairs(preset: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a filter that :func:`read` returned which choose rows."""
    return tuple(pair for pair in parse_qsl(preset) if pair[0] not in LOOKS)


def dated(preset: str, zone: tzinfo) -> str:
    """Return a filter that :func:`read` returned with the days of today in the place of a period."""
    return _written(link.dated(parse_qsl(preset), zone))


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    return urlencode(tuple(pairs), safe=_PLAIN, quote_via=quote)


def _question(text: str, table: str, language: str) -> str:
    """Return what stands behind the question mark of an address; ``text`` itself where it is none."""
    before, mark, after = text.partition("?")
    if "=" in before or (not mark and "/" not in before):
        return text
    if not before and mark:
        return after
    page = _PAGE.search(before.partition("#")[0])
    if page is None or table not in page.groups():
        raise PresetError(ELSEWHERE.get(language).format(table=table))
    return after.partition("#")[0]


def _pairs(question: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield names and values that ask for something."""
    for part in filter(None, question.split("&")):
        if "=" not in part:
            raise PresetError(NOT_WRITTEN.get(language).format(part=f"“{part[:60]}”"))
        yield from ((name.strip(), value) for name, value in parse_qsl(part) if not is_tracking(name) and value.strip())
