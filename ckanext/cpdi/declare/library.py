"""All declared datasets and the default privacy classes, as opposed to a department's profile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec import field as default

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.read import convert, read_yaml
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.figure_rules import check_figures
from ckanext.cpdi.declare.tables.mask_rules import check_masks
from ckanext.cpdi.declare.tables.privacy import Classes, PrivacyClass
from ckanext.cpdi.declare.tables.word_rules import check_words
from ckanext.cpdi.errors import PortalError


class UnknownDataset(PortalError, KeyError):
    """No dataset of that name is declared; the message names those that are."""

    def __str__(self) -> str:
        """Return the message as it is, and not as a key."""
        return str(self.args[0])


class Library(Struct, frozen=True):
    """The datasets by name, in the order of the home page, and the default privacy classes.

    ``side_tables`` are the tables that stand beside the first one of a dataset, by their own names, and ``owners`` the
    datasets that they are in.
    """

    datasets: dict[str, Dataset]
    classes: Classes
    side_tables: dict[str, Dataset] = default(default_factory=dict[str, Dataset])
    owners: dict[str, str] = default(default_factory=dict[str, str])
    keywords: dict[str, Text] = default(default_factory=dict[str, Text])

    def keyword(self, term: str, language: str) -> str:
        """Return what the keyword ``term`` is called; itself where nothing is declared."""
        return self.keywords[term].get(language) if term in self.keywords else term

    def dataset(self, name: str) -> Dataset:
        """Return the dataset or the table called ``name``; raise UnknownDataset with the names there are."""
        dataset = self.get(name)
        if dataset is None:
            raise UnknownDataset(f"no dataset {name!r}; there are {', '.join((*self.datasets, *self.side_tables))}")
        return dataset

    def get(self, name: str) -> Dataset | None:
        """Return the dataset or the table called ``name``; None where there is none."""
        return self.datasets.get(name) or self.side_tables.get(name)

    @property
    def by_name(self) -> dict[str, Dataset]:
        """Every dataset and every table."""
        return {**self.datasets, **self.side_tables}

    def owner(self, name: str) -> str:
        """Return the name of the dataset of the catalogue in which the table ``name`` is."""
        return self.owners.get(name, name)

    def tables_of(self, owner: str) -> tuple[Dataset, ...]:
        """Return the tables of the dataset ``owner``, the first one first."""
        return tuple(table for table in self.tables if self.owner(table.name) == owner)

    def sharing(self, name: str) -> tuple[Dataset, ...]:
        """Return the datasets whose rows can carry the record numbers of dataset ``name``: itself first."""
        others = (dataset for dataset in self.tables if dataset.name != name and name in dataset.rows.shares.values())
        return (self.dataset(name), *others)

    @property
    def tables(self) -> tuple[Dataset, ...]:
        """Every table, in the order of the home page; those of one dataset follow each other."""
        return tuple(
            table
            for dataset in self.datasets.values()
            if dataset.table
            for table in (
                dataset,
                *(side for name, side in self.side_tables.items() if self.owner(name) == dataset.name),
            )
        )


def read_library(schemas: Path, more: Iterable[Path] = ()) -> Library:
    """Read ``datasets/*.yaml``, ``classes.yaml`` and ``keywords.yaml`` of ``schemas``, and dataset files in ``more``.

    Raises DeclarationError for a file that does not fit, or a dataset that is declared twice.
    """
    classes = convert(read_yaml(schemas / "classes.yaml"), tuple[PrivacyClass, ...], schemas / "classes.yaml")
    keywords = convert(read_yaml(schemas / "keywords.yaml"), tuple[Text, ...], schemas / "keywords.yaml")
    files = [path for folder in (schemas / "datasets", *more) for path in sorted(folder.glob("*.yaml"))]
    datasets: dict[str, Dataset] = {}
    for path in files:
        dataset = convert(read_yaml(path), Dataset, path)
        if dataset.name in datasets:
            raise DeclarationError(path, f"the dataset {dataset.name!r} is declared twice")
        _check_tables(dataset, path)
        datasets[dataset.name] = dataset
    by_order = dict(sorted(datasets.items(), key=lambda item: item[1].order))
    sides = [(side, owner.name) for owner in by_order.values() for side in owner.side_tables]
    library = Library(
        by_order,
        Classes(classes),
        {side.name: side for side, _ in sides},
        {side.name: name for side, name in sides},
        {text.en: text for text in keywords},
    )
    for name in library.side_tables:
        if name in datasets or [side.name for side, _ in sides].count(name) > 1:
            raise DeclarationError(f"{library.owner(name)}.yaml", f"tables: there is another {name!r}")
    for dataset in by_order.values():
        if dataset.figures:
            check_figures(dataset.figures, library.by_name, f"{dataset.name}.yaml", "figures")
        _check_beside(dataset, library)
    _check_shares({table.name: table for table in (*by_order.values(), *library.side_tables.values())})
    return library


def _check_tables(dataset: Dataset, path: Path) -> None:
    """Raise DeclarationError for a field without a mask, or values without titles, of any table of ``dataset``."""
    tables = [("table", dataset.table), *((f"tables.{side.name}.table", side.table) for side in dataset.tables)]
    for at, table in tables:
        if table:
            check_masks(table, path, at)
            check_words(table, path, at)


def _check_shares(datasets: dict[str, Dataset]) -> None:
    """Raise DeclarationError where ``shares`` names a dataset without a table, or ``meets`` one without places."""
    for dataset in datasets.values():
        for column, owner in (dataset.table.shares if dataset.table else {}).items():
            if owner not in datasets or datasets[owner].table is None:
                tables = [name for name, other in datasets.items() if other.table]
                raise DeclarationError(f"{dataset.name}.yaml", f"table.shares.{column}: {unknown(owner, tables)}")
        meets = dataset.table.meets if dataset.table else None
        if meets and not _are_joinable(dataset, datasets.get(meets.dataset), meets.field):
            raise DeclarationError(
                f"{dataset.name}.yaml",
                f"table.meets: {meets.dataset!r} is no table with the field {meets.field!r}, or one has no places",
            )


def _check_beside(dataset: Dataset, library: Library) -> None:
    """Raise DeclarationError for a table beside a series that there is not, or whose rows cannot be counted by week."""
    tables = [table.name for table in library.tables]
    for key, name in (("weekly_from", dataset.weekly_from), ("rows_from", dataset.rows_from)):
        if name and name not in tables:
            raise DeclarationError(f"{dataset.name}.yaml", f"{key}: {unknown(name, tables)}")
    counted = library.get(dataset.weekly_from) if dataset.weekly_from else None
    if counted and counted.rows.time_field.type != "datetime":
        raise DeclarationError(f"{dataset.name}.yaml", f"weekly_from: the rows of {counted.name} have no times")


def _are_joinable(dataset: Dataset, other: Dataset | None, field: str) -> bool:
    """Return whether two datasets have what their rows can be joined by."""
    if other is None or other.table is None or field not in {column.name for column in other.table.fields}:
        return False
    needed = {"place.label", "time.precision"}
    return all(needed <= {column.column for column in table.fields} for table in (dataset.rows, other.table))
