"""One dataset of the portal: its texts, its defaults in the staff's form and, where it has rows, its table."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, Literal

from msgspec import Struct, convert, field, structs

from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.figures import Figures
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.declare.tables.table import Table

View = Literal["all", "year_to_date"]


class Link(Struct, frozen=True, forbid_unknown_fields=True):
    """A link to more about a dataset."""

    title: Text
    url: str


class SideTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One more table of a dataset, such as the subjects beside the incidents.

    Everywhere but in its declaration it is called by its dataset's name and its own, ``DATASET-NAME``.
    """

    name: str
    title: Text
    description: Text
    table: Table
    one: Text = Text("row", "fila")
    many: Text = Text("rows", "filas")
    caveats: tuple[Text, ...] = ()


class Dataset(Struct, frozen=True, forbid_unknown_fields=True):
    """A dataset as declared in ``schemas/datasets/``.

    ``type`` is its scheming type, ``order`` its place among the headings of the home page, ``metadata`` what the
    staff's form starts with (field name of the scheming type to value, a text as ``{en, es}``), ``one`` and ``many``
    what a row is called.

    ``default_view`` is what a plain address shows, such as ``/data/NAME.csv``: all rows, or those of the current year
    by the department's calendar. The table itself always holds all years.

    ``table`` is the first of its tables, ``tables`` are those beside it, which share its record numbers.

    ``reports`` says which periods a series of reports has, ``figures`` how the tables in its reports are printed, where
    they become rows of a table; ``weekly_from`` is the table whose rows are counted week by week beside the series,
    ``rows_from`` the table whose rows tell of what its reports tell of.
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
    tables: tuple[SideTable, ...] = ()
    reports: ReportRules | None = None
    figures: Figures | None = None
    weekly_from: str = ""
    rows_from: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a view of rows where there are none, for more tables where there is no first one, and
        for a text of ``metadata`` that is none in English and Spanish.
        """
        for name in self.metadata:
            self.form_text(name)
        if self.default_view != "all" and self.table is None:
            raise ValueError(f"default_view: {self.default_view} is for a dataset with a table")
        if self.reports and self.type != "report-series":
            raise ValueError(f"reports: {self.type} is no series of reports")
        if self.figures and self.table is not None:
            raise ValueError("figures: these stand in reports, and a dataset with a table has none")
        if self.tables and self.table is None:
            raise ValueError("tables: these stand beside a first one, which is under table")

    @property
    def form_start(self) -> dict[str, Any]:
        """What the staff's form starts with, as the catalogue keeps it: texts in English."""
        texts = {name: self.form_text(name) for name in self.metadata}
        return {name: text.en if (text := texts[name]) else value for name, value in self.metadata.items()}

    def form_text(self, field: str) -> Text | None:
        """Return what the staff's form starts with in ``field`` in each language; None where it has none."""
        value = self.metadata.get(field)
        return convert(value, Text) if isinstance(value, dict) else None

    @property
    def side_tables(self) -> tuple[Dataset, ...]:
        """Each of ``tables`` as a dataset of its own, as whatever works on the rows of one table takes it."""
        return tuple(
            structs.replace(
                self,
                name=f"{self.name}-{side.name}",
                title=side.title,
                summary=side.description,
                description=side.description,
                one=side.one,
                many=side.many,
                caveats=side.caveats,
                links=(),
                table=side.table,
                tables=(),
            )
            for side in self.tables
        )

    def shown_year(self, zone: tzinfo, now: datetime) -> int | None:
        """Return the year whose rows the default view shows at ``now``; None where it shows all rows."""
        return now.astimezone(zone).year if self.default_view == "year_to_date" else None

    @property
    def rows(self) -> Table:
        """The table; raise ValueError for a dataset that has none."""
        if self.table is None:
            raise ValueError(f"{self.name} has no table of rows")
        return self.table
