"""All that a PDF is made of: its dictionaries, and how one is emptied or cut down to the keys it may have."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, Stream

Entry = tuple[Object, set[str]]
"""A dictionary or stream, and the keys that it has at first."""

_PLAIN = frozenset(
    ("/Type", "/Subtype", "/S", "/Length", "/Filter", "/P", "/Parent", "/Pg", "/Rect", "/BBox", "/MediaBox", "/Widths")
)
"""Keys whose values are no dictionaries, or such as come by themselves."""


def dictionaries(pdf: Pdf) -> list[Entry]:
    """Return each dictionary and stream of the file once, also those within others, and those without a reference."""
    entries: list[Entry] = []
    for item in pdf.objects:
        stack: list[Any] = [item]
        while stack:
            node = stack.pop()
            if isinstance(node, Dictionary | Stream):
                keys = node.keys()
                entries.append((node, keys))
                children = [node[key] for key in keys - _PLAIN]
            elif isinstance(node, Array):
                children = list(node)
            else:
                continue
            # What has a number of its own comes by itself.
            stack += [child for child in children if isinstance(child, Dictionary | Array) and not child.is_indirect]
    return entries


def keep(item: Object, names: Collection[str]) -> set[str]:
    """Remove the keys that are not among ``names``; return those that were removed."""
    surplus = item.keys() - set(names)
    for name in surplus:
        del item[name]
    return surplus


def empty(item: Object) -> None:
    """Remove all keys, so that nothing of it is left wherever it is referred to."""
    keep(item, ())
