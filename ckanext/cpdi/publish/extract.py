"""What one file covers: a whole dataset or one year of it, in one version, with its rows in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Dataset, Profile, Table
from ckanext.cpdi.publish.site import Site

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Extract:
    """A whole dataset (``year`` is None) or one year of it, by days of the department's zone.

    ``batches`` starts again from the first row at each call. Its frames have the columns of
    :func:`ckanext.cpdi.publish.rows.columns.schema`, in the order of the published time and then the key; a point lacks
    neither coordinate or both. Where a part holds none of the rows, but counts of them, ``about`` names what these
    tell, and the frames are as its format wants them.
    """

    dataset: Dataset
    profile: Profile
    site: Site
    version: str
    published_at: datetime
    year: int | None
    rows: int
    batches: Callable[[], Iterator[pl.DataFrame]]
    about: str = ""

    @property
    def table(self) -> Table:
        """The declaration of the rows."""
        return self.dataset.rows

    @property
    def zone(self) -> str:
        """The department's time zone, whose days and wall times the files carry."""
        return self.profile.time_zone

    @property
    def name(self) -> str:
        """What the file is called, without its version and extension."""
        return "-".join(str(part) for part in (self.dataset.name, self.year, self.about) if part)

    @property
    def title(self) -> str:
        """The title in English."""
        return ", ".join(str(part) for part in (self.dataset.title.en, self.year, self.about) if part)
