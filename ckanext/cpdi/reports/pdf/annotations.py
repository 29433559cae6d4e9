"""What lies on the pages and is no part of them: links stay, forms become part of their page, all else goes."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from ckanext.cpdi.reports.pdf.frame import Corners
from ckanext.cpdi.reports.pdf.objects import empty, keep

_LINK_KEYS = frozenset(
    ("/Type", "/Subtype", "/Rect", "/Border", "/BS", "/C", "/H", "/QuadPoints", "/Dest", "/A", "/F", "/StructParent")
)
_SCHEMES = ("http", "https", "mailto", "tel")
_FILES = frozenset({Name.FileAttachment, Name.Screen, Name.Movie, Name.Sound, Name.RichMedia, Name("/3D")})
_SILENT = frozenset({Name.Popup, Name.PrinterMark, Name.TrapNet, Name.Watermark})
"""Kinds that no person wrote a comment in."""


class Annotations(Struct):
    """What the pages had: ``removed`` in the words of REMOVED, ``marked`` pages, from 0, with something drawn on them.

    ``redactions`` are the pages and rectangles that somebody marked for redaction; ``links`` the addresses that stay.
    """

    removed: set[str] = field(default_factory=set[str])
    marked: set[int] = field(default_factory=set[int])
    redactions: list[tuple[int, Corners]] = field(default_factory=list[tuple[int, Corners]])
    links: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def clear_annotations(pdf: Pdf) -> Annotations:
    """Remove all annotations but links, whose addresses are of the web; write forms into their pages."""
    result = Annotations()
    for number, page in enumerate(pdf.pages):
        items = page.obj.get(Name.Annots)
        kept = [item for item in items if _stays(item, number, result)] if isinstance(items, Array) else []
        page.obj[Name.Annots] = Array(kept)
    _flatten(pdf, result)
    for page in pdf.pages:
        annots = page.obj.get(Name.Annots)
        if not isinstance(annots, Array) or not len(annots):
            del page.obj[Name.Annots]
    return result


def _stays(item: Object, number: int, result: Annotations) -> bool:
    """Return whether an annotation stays; note what it is, and empty it where it goes."""
    if not isinstance(item, Dictionary):
        return False
    kind = item.get(Name.Subtype)
    if kind == Name.Widget:
        result.removed.add("signatures" if _is_signature(item) else "forms")
        return True
    if kind == Name.Link:
        return _clear_link(item, number, result)
    if kind == Name.Redact:
        result.redactions += [(number, corners) for corners in _rectangles(item)]
    elif kind in _FILES:
        result.removed.add("attachments")
    elif kind not in _SILENT:
        result.removed.add("comments")
    result.marked.add(number)
    empty(item)
    return False


def _is_signature(widget: Object) -> bool:
    """Return whether a field is for a signature; the kind may stand with its parent."""
    for _ in range(10):
        if Name.FT in widget:
            return widget[Name.FT] == Name.Sig
        parent = widget.get(Name.Parent)
        if not isinstance(parent, Dictionary):
            break
        widget = parent
    return False


def _clear_link(item: Object, number: int, result: Annotations) -> bool:
    """Cut a link down to its place and target; return whether its target may be named."""
    action = item.get(Name.A)
    surplus = keep(item, _LINK_KEYS)
    if surplus & {"/AA", "/PA"}:
        result.removed.add("actions")
    if action is None:
        return Name.Dest in item
    if not isinstance(action, Dictionary):
        empty(item)
        return False
    kind, uri, target = action.get(Name.S), action.get(Name.URI), action.get(Name.D)
    if kind == Name.URI and isinstance(uri, String) and _is_public(str(uri)):
        item[Name.A] = Dictionary(S=Name.URI, URI=uri)
        result.links.append((number, str(uri)))
        return True
    if kind == Name.GoTo and target is not None:
        item[Name.A] = Dictionary(S=Name.GoTo, D=target)
        return True
    result.removed.add("links_to_files")
    empty(item)
    return False


def _is_public(uri: str) -> bool:
    """Return whether an address is of the web or of mail, and no machine of the house."""
    try:
        parts = urlsplit(uri.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme.lower() not in _SCHEMES:
        return False
    if parts.scheme.lower() in ("mailto", "tel"):
        return True
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".lan", ".corp"))


def _rectangles(item: Object) -> Iterator[Corners]:
    """Yield the rectangles of a mark: of each line of text, where it names these, else of all."""
    numbers = _numbers(item.get(Name.QuadPoints))
    for at in range(0, len(numbers) - 7, 8):
        xs, ys = numbers[at : at + 8 : 2], numbers[at + 1 : at + 8 : 2]
        yield (min(xs), min(ys), max(xs), max(ys))
    corners = _numbers(item.get(Name.Rect))
    if len(numbers) < 8 and len(corners) == 4:
        x1, y1, x2, y2 = corners
        yield (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _numbers(values: Object | None) -> list[float]:
    """Return the numbers of an array; none where it has something else."""
    try:
        return [float(value) for value in values] if isinstance(values, Array) else []
    except (TypeError, ValueError):
        return []


def _flatten(pdf: Pdf, result: Annotations) -> None:
    """Write the fields of forms into their pages as they look, and forget the form."""
    if result.removed & {"forms", "signatures"}:
        pdf.acroform.generate_appearances_if_needed()
        pdf.flatten_annotations("screen")
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary):
        empty(form)
    for page in pdf.pages:
        for item in page.obj.get(Name.Annots, Array()):
            if item.get(Name.Subtype) == Name.Widget:
                empty(item)
        page.obj[Name.Annots] = Array([item for item in page.obj.get(Name.Annots, Array()) if len(item.keys())])
