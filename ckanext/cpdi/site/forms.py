"""Groups the fields of the staff's form under headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ckanext.cpdi.declare import Text

_TITLES = {
    "about": Text("What it is", "Qué es"),
    "time": Text("How current it is", "Qué tan actual es"),
    "place": Text("Where it is about", "De qué lugar trata"),
    "reading": Text("How to read it", "Cómo leerlo"),
    "contact": Text("Whom to ask", "A quién preguntar"),
    "terms": Text("Terms", "Condiciones"),
}
_OTHER = Text("More", "Más")


@dataclass(frozen=True)
class FieldGroup:
    """Fields of a scheming type, in their order, under one heading."""

    title: str
    fields: tuple[Mapping[str, Any], ...]


def groups(fields: Iterable[Mapping[str, Any]], language: str) -> tuple[FieldGroup, ...]:
    """Return ``fields`` by their ``group``; a field without a group, or with an unknown one, stands under "More"."""
    return tuple(
        FieldGroup(_TITLES.get(name, _OTHER).get(language), tuple(members))
        for name, members in groupby(fields, key=lambda field: str(field.get("group", "")))
    )
