"""What a form of answers is: it writes pages, counts, ids and extents as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeAlias

from ckanext.cpdi.query.reference import Reference
from ckanext.cpdi.selection.reader import Box
from ckanext.cpdi.services.geoservices.page import Page

Body: TypeAlias = bytes | Iterable[bytes]


class Form(Protocol):
    """A form of answers."""

    @property
    def media_type(self) -> str:
        """The media type of its answers."""
        ...

    def features(self, page: Page, reference: Reference) -> Body:
        """Return a page of rows or groups; ``reference`` is that of its points."""
        ...

    def count(self, count: int) -> Body:
        """Return a count."""
        ...

    def ids(self, batches: Iterator[list[int]]) -> Body:
        """Return ids, which come in batches."""
        ...

    def extent(self, box: Box | None, reference: Reference, count: int | None) -> Body:
        """Return a box in ``reference``, None where no row has a point; and a count, where one is asked for."""
        ...
