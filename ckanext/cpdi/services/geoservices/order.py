"""``orderByFields``: names of fields, each with ASC or DESC behind it, and blanks wherever clients leave them."""

from __future__ import annotations

import re

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.services.geoservices.parameters import Parameters

PARAMETER = "orderByFields"
_PART = re.compile(r"(?P<name>\"[^\"]+\"|extract\s*\([^()]*\)|[^\s()]+)(?:\s+(?P<direction>asc|desc))?", re.IGNORECASE)


def read_order(parameters: Parameters) -> list[tuple[str, bool]]:
    """Return the names, and which of them go down; raise UnreadableError."""
    parsed: list[tuple[str, bool]] = []
    for part in parameters.names(PARAMETER):
        match = _PART.fullmatch(part)
        if match is None:
            expected = Said("names of fields, each with ASC or DESC behind it")
            raise UnreadableError(
                Said(
                    "{parameter} has {expected}, not {part!r}", parameter=PARAMETER, expected=expected, part=part[:60]
                ),
                PARAMETER,
            )
        parsed.append((match["name"].strip('"'), (match["direction"] or "").lower() == "desc"))
    return parsed
