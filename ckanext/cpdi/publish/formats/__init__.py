"""The file formats, one a module. To add a format, write one file here that defines its :class:`Format`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.cpdi.declare import Table
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.registry import Registry

_FORMATS = Registry("formats", Format, __name__, name_attribute="extension", required=("title", "media_type"))


def formats() -> Registry[Format]:
    """Return every format by its extension, in the order in which people see them."""
    return _FORMATS


def chosen(names: Sequence[str]) -> Mapping[str, Format]:
    """Return the formats called ``names``, or all where there are none, in the order in which people see them.

    Raises ValueError, in words for whoever chose, for a name that no format has, and where one is left out that others
    stand on.
    """
    known = formats()
    if not names:
        return known
    for name in names:
        if name not in known:
            raise ValueError(f"no format {name!r}; there are {', '.join(known)}")
        if known[name].needs and known[name].needs not in names:
            raise ValueError(f"{name} needs {known[name].needs}, which the file of a large table leads to: add it")
    missing = [name for name, kind in known.items() if kind.always and name not in names]
    if missing:
        raise ValueError(f"{' and '.join(missing)} must be among them: other files are made from these")
    return {name: kind for name, kind in known.items() if name in names}


def offered(table: Table, names: Sequence[str]) -> Mapping[str, Format]:
    """Return those of the formats ``names`` (none for all) that files of ``table`` are made in; raise as :func:`chosen`
    does.
    """
    return {name: kind for name, kind in chosen(names).items() if table.point or not kind.spatial}
