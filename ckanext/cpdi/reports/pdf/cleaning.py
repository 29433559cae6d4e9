"""A PDF written anew with what readers need, and nothing else: what is kept is listed, all else goes."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
from msgspec import Struct
from pikepdf import Dictionary, Name, Object, Pdf, Stream, String

from ckanext.cpdi.reports.pdf.annotations import Annotations, clear_annotations
from ckanext.cpdi.reports.pdf.objects import Entry, empty, keep
from ckanext.cpdi.reports.pdf.photographs import strip_photograph

_TRAILER_KEYS = frozenset(("/Root", "/Size", "/Encrypt"))
_CATALOG_KEYS = frozenset(
    ("/Type", "/Pages", "/PageLabels", "/Names", "/Dests", "/Outlines", "/Lang", "/MarkInfo", "/StructTreeRoot")
) | {"/OCProperties"}
_PAGE_KEYS = frozenset(
    ("/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/Annots", "/Tabs")
) | {"/StructParents", "/UserUnit"}
_BOOKMARK_KEYS = frozenset(
    ("/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/Dest", "/A", "/C", "/F")
)
_GONE = {
    "/Metadata": "metadata",
    "/Info": "metadata",
    "/PieceInfo": "private_data",
    "/LastModified": "",
    "/OPI": "private_data",
    "/Thumb": "thumbnails",
    "/AF": "attachments",
    "/EF": "attachments",
    "/Collection": "attachments",
    "/EmbeddedFiles": "attachments",
    "/AA": "actions",
    "/OpenAction": "actions",
}
"""Keys that go wherever they stand, and what that is called in REMOVED; what has no name is not worth a notice."""
_ELSEWHERE = frozenset(("/F", "/FFilter", "/FDecodeParms", "/Ref"))
"""Keys of a stream whose content is to be read from another file."""
_SPOKEN = frozenset(("/Alt", "/ActualText", "/E"))
"""Texts of a structure that are read aloud in place of what is seen."""
_LOOKED_AT = {*_GONE, *_SPOKEN, *_ELSEWHERE, "/T", "/Contents", "/MediaBox", "/Resources"}
"""Keys of dictionaries that may have to change; a page has one of the last three."""
_FILE_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\\w|file:|/(?:Users|home|Volumes)/")
_MOST_SPOKEN = 200_000


class Cleaned(Struct):
    """What cleaning took out, and texts beside those of the pages: of bookmarks, and such as are read aloud.

    ``layers`` are the names of layers that are not shown.
    """

    annotations: Annotations
    removed: set[str]
    beside: list[str]
    layers: list[str]
    tagged: bool
    language: str


def clean(pdf: Pdf, entries: list[Entry], content: bytes, target: Path) -> Cleaned:
    """Write the clean form of a PDF, the same bytes each time.

    ``entries`` are all its dictionaries, ``content`` is the file as it came.
    """
    annotations = clear_annotations(pdf)
    result = Cleaned(annotations, set(annotations.removed), [], _hidden_layers(pdf), _is_tagged(pdf), _language(pdf))
    if _has_revisions(content):
        result.removed.add("revisions")
    if pdf.is_encrypted:
        result.removed.add("password")
    _note(keep(pdf.trailer, _TRAILER_KEYS), result)
    _clear_catalog(pdf, result)
    _clear_bookmarks(pdf, result)
    for page in pdf.pages:
        _note(keep(page.obj, _PAGE_KEYS), result)
    _sweep(pdf, entries, result)
    pdf.remove_unreferenced_resources()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, encryption=False)
    return result


def _note(keys: set[str], result: Cleaned) -> None:
    result.removed.update(filter(None, (_GONE.get(key) for key in keys)))


def _clear_catalog(pdf: Pdf, result: Cleaned) -> None:
    """Keep of the catalogue what pages and structure need; of its names those of places in the file."""
    names = pdf.Root.get(Name.Names)
    if isinstance(names, Dictionary):
        _note(keep(names, {"/Dests"}), result)
    _note(keep(pdf.Root, _CATALOG_KEYS), result)


def _clear_bookmarks(pdf: Pdf, result: Cleaned) -> None:
    """Keep of bookmarks their titles and places in this file."""
    seen = pikepdf.ObjectSet()
    stack = [pdf.Root.get(Name.Outlines)]
    while stack:
        item = stack.pop()
        if not isinstance(item, Dictionary) or not seen.add(item):
            continue
        stack += [item.get(Name.First), item.get(Name.Next)]
        keep(item, _BOOKMARK_KEYS)
        action = item.get(Name.A)
        if isinstance(action, Dictionary) and action.get(Name.S) == Name.GoTo and Name.D in action:
            item[Name.A] = Dictionary(S=Name.GoTo, D=action[Name.D])
        elif action is not None:
            result.removed.add("links_to_files")
            del item[Name.A]
        _add_text(item.get(Name.Title), result)


def _sweep(pdf: Pdf, entries: list[Entry], result: Cleaned) -> None:
    """Go through everything: drop the keys that go, pages that are no pages any more, and what photographs carry."""
    pages = {page.obj.objgen for page in pdf.pages}
    for item, keys in entries:
        if keys & _LOOKED_AT:
            _clear(item, pages, result)
        if "/Filter" in keys and strip_photograph(item):
            result.removed.add("metadata")


def _clear(item: Object, pages: set[tuple[int, int]], result: Cleaned) -> None:
    if item.get(Name.Type) == Name.Page and item.objgen not in pages:
        # A bookmark or the structure can still refer to a page that was taken out of the file.
        empty(item)
        return
    gone = _GONE.keys() & item.keys()
    _note(gone, result)
    if isinstance(item, Stream):
        elsewhere = _ELSEWHERE & item.keys()
        result.removed.update({"links_to_files"} if elsewhere else ())
        gone |= elsewhere
    for key in gone:
        del item[key]
    _clear_spoken(item, result)


def _clear_spoken(item: Object, result: Cleaned) -> None:
    """Keep texts that are read aloud, but no path of a picture's file; drop the titles of parts."""
    if item.get(Name.Type) == Name.StructElem and Name.T in item:
        del item[Name.T]
    for key in _SPOKEN & item.keys():
        text = item[key]
        if not isinstance(text, String):
            continue
        if _FILE_PATH.search(str(text)):
            del item[key]
            result.removed.add("links_to_files")
        else:
            _add_text(text, result)


def _add_text(text: Object | None, result: Cleaned) -> None:
    if isinstance(text, String) and sum(map(len, result.beside)) < _MOST_SPOKEN:
        result.beside.append(str(text)[:_MOST_SPOKEN])


def _hidden_layers(pdf: Pdf) -> list[str]:
    """Return the names of the layers that are off where the file is opened."""
    properties = pdf.Root.get(Name.OCProperties)
    if not isinstance(properties, Dictionary):
        return []
    setting = properties.get(Name.D)
    if not isinstance(setting, Dictionary):
        return []
    off = setting.get(Name.OFF)
    layers = list(off) if isinstance(off, pikepdf.Array) else []
    if setting.get(Name.BaseState) == Name.OFF:
        layers += list(properties.get(Name.OCGs, pikepdf.Array()))
    return [str(layer.get(Name.Name, "")) for layer in layers if isinstance(layer, Dictionary)]


def _is_tagged(pdf: Pdf) -> bool:
    """Return whether the file says that it has a structure, and has it."""
    mark, root = pdf.Root.get(Name.MarkInfo), pdf.Root.get(Name.StructTreeRoot)
    return (
        isinstance(mark, Dictionary)
        and mark.get(Name.Marked) == pikepdf.Boolean(True)
        and isinstance(root, Dictionary)
        and Name.K in root
    )


def _language(pdf: Pdf) -> str:
    language = pdf.Root.get(Name.Lang)
    return str(language) if isinstance(language, String) else ""


def _has_revisions(content: bytes) -> bool:
    """Return whether a file was changed by adding to its end, which leaves what was there before."""
    ends = content.count(b"startxref")
    return ends > (2 if b"/Linearized" in content[:1024] else 1)
