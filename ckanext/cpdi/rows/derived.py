"""What a group of derived columns is. Each stands in a file of its own in ``derive/``; that folder is the registry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from ckanext.cpdi.registry import ORDER

if TYPE_CHECKING:
    import polars as pl

    from ckanext.cpdi.rows.batch import Batch
    from ckanext.cpdi.rows.plan import Plan


class Derived(ABC):
    """A group of columns that are made of a feed's row alone. A field takes one by ``cpdi:from``: ``event.counts``."""

    name: ClassVar[str]
    """The group's name, before the dot."""
    columns: ClassVar[tuple[str, ...]]
    """The names of its columns, behind the dot."""
    inputs: ClassVar[tuple[str, ...]] = ()
    """The inputs that it is made of, beside one of its own name; the codes and the time are every group's."""
    order: ClassVar[int] = ORDER
    tells_no_time: ClassVar[bool] = False
    """Whether its columns say nothing of when a row was. Only such a column may be shown in every row (``cpdi:mask:
    public``): a column of the time would tell in coarse rows what their masks hide."""
    version: ClassVar[str] = ""
    """Of a group that another extension adds: raise it where the same row gets other values. It is part of the version
    of the rules, so that staff approve it and every row is compared anew. Groups of this room count by ``RULES``."""

    @abstractmethod
    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return each of ``columns`` with ``batch.height`` rows.

        A group may flag or withhold rows (``batch.verdicts``) and add privacy classes (``batch.add_classes``).
        """
