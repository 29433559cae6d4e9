"""The structure of a tagged PDF: what each piece of content is, for those who have the page read to them.

ISO 32000-1, 14.7 and 14.8: elements in a tree, each with the marked content of a page or further elements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ckanext.cpdi.sample.reports.document import Document, array, dictionary, reference

COLUMN = {"A": "<</O /Table /Scope /Column>>"}
ROW = {"A": "<</O /Table /Scope /Row>>"}
"""Attributes of a table's headings: of a column, of a row."""


@dataclass
class Element:
    """A part of the document: a kind such as P, H1, TR; its parts, or the number of its content on ``page``.

    ``attributes`` are further entries in PDF's notation: the scope of a heading, words in place of a picture.
    """

    kind: str
    parts: list[Element] = field(default_factory=list["Element"])
    page: int = -1
    content: int = -1
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


class Structure:
    """The tree of a document; ``inside`` nests what follows in an element, ``mark`` adds an element of content."""

    def __init__(self) -> None:
        """Begin with an empty document."""
        self._root = Element("Document")
        self._open = [self._root]
        self._contents: dict[int, list[Element]] = {}

    def begin(self, kind: str) -> None:
        """Put what follows into an element of ``kind``, until :meth:`end`."""
        element = Element(kind)
        self._open[-1].parts.append(element)
        self._open.append(element)

    def end(self) -> None:
        """End the last element that was begun."""
        self._open.pop()

    def mark(self, kind: str, page: int, attributes: Mapping[str, str]) -> int:
        """Add an element with content on ``page``, which counts from 0; return the content's number there."""
        contents = self._contents.setdefault(page, [])
        element = Element(kind, page=page, content=len(contents), attributes=attributes)
        contents.append(element)
        self._open[-1].parts.append(element)
        return element.content

    def write(self, document: Document, pages: Sequence[int]) -> str:
        """Write the tree into ``document``, whose pages have these object numbers; return a reference to it."""
        root = document.number()
        numbers: dict[int, int] = {}
        top = self._write(self._root, root, document, pages, numbers)
        parents = [
            f"{page} {array(reference(numbers[id(element)]) for element in contents)}"
            for page, contents in sorted(self._contents.items())
        ]
        tree = document.add(dictionary({"Nums": array(parents)}))
        entries = {"Type": "/StructTreeRoot", "K": reference(top), "ParentTree": tree}
        return document.add(dictionary(entries), root)

    def _write(
        self, element: Element, parent: int, document: Document, pages: Sequence[int], numbers: dict[int, int]
    ) -> int:
        """Write an element and its parts; return its object number, and note it in ``numbers`` by identity."""
        number = numbers[id(element)] = document.number()
        entries: dict[str, object] = {"S": f"/{element.kind}", "P": reference(parent)}
        if element.content >= 0:
            entries |= {"Pg": reference(pages[element.page]), "K": element.content}
        else:
            parts = [self._write(part, number, document, pages, numbers) for part in element.parts]
            entries["K"] = array(map(reference, parts))
        document.add(dictionary({**entries, **element.attributes}), number)
        return number
