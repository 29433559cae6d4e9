"""One dataset of the portal: its texts, its defaults in the staff's form and, where it has rows, its table."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, Literal

from msgspec import Struct, field

from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.table import Table

View = Literal["all", "year_to_date"]


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A link to more about a dataset."""

    title: Text
    url: str


class Dataset(Struct, frozen=True, forbid_unknown_fields=True):
    """A dataset as declared in ``schemas/datasets/``.

    ``type`` is its scheming type, ``order`` its place among the headings of the home page, ``metadata`` what the
    staff's form starts with (field name of the scheming type to value), ``one`` and ``many`` what a row is called.

    ``default_view`` is what a plain address shows, such as ``/data/NAME.csv``: all rows, or those of the current year
    by the department's calendar. The table itself always holds all years.
    """

    name: str
    type: Literal["incident-table", "report-series"]
    order: int
    title: Text
    summary: Text
    description: Text
    schema_version: str = "1.0"
    one: Text = Text("row", "fila")
    many: Text = Text("rows", "filas")
    keywords: tuple[str, ...] = ()
    caveats: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    default_view: View = "all"
    table: Table | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a view of rows where there are none."""
        if self.default_view != "all" and self.table is None:
            raise ValueError(f"default_view: {self.default_view} is for a dataset with a table")

    def shown_year(self, zone: tzinfo, now: datetime) -> int | None:
        """Return the year whose rows the default view shows at ``now``; None where it shows all rows."""
        return now.astimezone(zone).year if self.default_view == "year_to_date" else None

    @property
    def rows(self) -> Table:
        """The table; raise ValueError for a dataset that has none."""
        if self.table is None:
            raise ValueError(f"{self.name} has no table of rows")
        return self.table
