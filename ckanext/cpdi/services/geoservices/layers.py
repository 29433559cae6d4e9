"""The layers of a table: its default view first, and all rows beside it where that is another view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile, Table, Text, area_names, tailored
from ckanext.cpdi.query.columns import ROW_ID, Columns
from ckanext.cpdi.query.notation.moments import in_year
from ckanext.cpdi.query.tree import EVERYTHING, Condition
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID, LayerField, layer_fields

_OF_YEAR = Text("{title}, {year}")
_OF_ALL = Text("{title}, all years", "{title}, todos los años")


@dataclass(frozen=True, eq=False)
class Shape:
    """What the layers of a table have in common: the table as the department has it, its fields, and its columns."""

    dataset: Dataset
    fields: tuple[LayerField, ...]
    columns: Columns


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer, or a table where the rows have no point; ``year`` is that of its rows, None for all of them."""

    number: int
    shape: Shape
    year: int | None = None

    @property
    def dataset(self) -> Dataset:
        """The dataset of the table."""
        return self.shape.dataset

    @property
    def table(self) -> Table:
        """The declared table."""
        return self.dataset.rows

    @property
    def fields(self) -> tuple[LayerField, ...]:
        """Its fields, that of the id first."""
        return self.shape.fields

    @property
    def columns(self) -> Columns:
        """Its columns, by which conditions name them."""
        return self.shape.columns

    @property
    def is_spatial(self) -> bool:
        """Whether its rows have points."""
        return self.table.point is not None

    @property
    def title(self) -> Text:
        """The name that people see."""
        title = self.dataset.title
        if self.dataset.default_view == "all":
            return title
        return (_OF_YEAR if self.year else _OF_ALL).format(title=title, year=self.year)

    def condition(self, zone: ZoneInfo) -> Condition:
        """Return the condition of its rows; ``zone`` is that of the table's days."""
        if self.year is None:
            return EVERYTHING
        return in_year(self.columns.find(self.table.time_field.name), self.year, zone)


def layers(dataset: Dataset, zone: ZoneInfo) -> tuple[Layer, ...]:
    """Return the layers of ``dataset`` now; ``zone`` is that of the table's days."""
    year, shape = dataset.shown_year(zone, datetime.now(UTC)), _shape(dataset, config.profile())
    return (Layer(0, shape),) if year is None else (Layer(0, shape, year), Layer(1, shape))


_shapes: dict[str, tuple[Dataset, Profile, Shape]] = {}
"""The shapes by the names of their tables, with what they were made of."""


def _shape(dataset: Dataset, profile: Profile) -> Shape:
    made = _shapes.get(dataset.name)
    if made is None or made[0] is not dataset or made[1] is not profile:
        own = tailored(dataset, profile.feed(dataset.name))
        shape = Shape(own, layer_fields(own.rows), Columns(own.rows, ((OBJECT_ID, ROW_ID),), area_names(profile)))
        made = _shapes[dataset.name] = (dataset, profile, shape)
    return made[2]
