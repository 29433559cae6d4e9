"""The file formats, one a module. To add a format, write one file here that defines its :class:`Format`."""

from __future__ import annotations

from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.registry import Registry

_FORMATS = Registry("formats", Format, __name__, named="extension", wants=("title", "media_type"))


def formats() -> Registry[Format]:
    """Return every format by its extension, in the order in which people see them."""
    return _FORMATS
