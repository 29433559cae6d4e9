"""The file formats, one a module. To add a format, write one file here that defines its :class:`Format`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from inspect import getmembers, isabstract, isclass

from ckanext.cpdi.publish.format import Format


@cache
def formats() -> dict[str, Format]:
    """Return every format by its extension, in the order in which people see them."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{module.name}"
        for _, one in getmembers(importlib.import_module(name), isclass):
            if one.__module__ == name and issubclass(one, Format) and not isabstract(one):
                found[one.extension] = one()
    return dict(sorted(found.items(), key=lambda item: item[1].order))
