"""All declared datasets and the default privacy classes, as opposed to a department's profile."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.read import convert, read_yaml
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.mask_rules import check_masks
from ckanext.cpdi.declare.tables.privacy import Classes, PrivacyClass
from ckanext.cpdi.errors import PortalError


class UnknownDataset(PortalError, KeyError):
    """No dataset of that name is declared; the message names those that are."""

    def __str__(self) -> str:
        """Return the message as it is, and not as a key."""
        return str(self.args[0])


class Library(Struct, frozen=True):
    """The datasets by name, in the order of the home page, and the default privacy classes."""

    datasets: dict[str, Dataset]
    classes: Classes

    def dataset(self, name: str) -> Dataset:
        """Return the dataset called ``name``; raise UnknownDataset with the names there are."""
        try:
            return self.datasets[name]
        except KeyError:
            raise UnknownDataset(f"no dataset {name!r}; there are {', '.join(self.datasets)}") from None

    def sharing(self, name: str) -> tuple[Dataset, ...]:
        """Return the datasets whose rows can carry the record numbers of dataset ``name``: itself first."""
        others = (dataset for dataset in self.tables if dataset.name != name and name in dataset.rows.shares.values())
        return (self.dataset(name), *others)

    @property
    def tables(self) -> tuple[Dataset, ...]:
        """The datasets that have rows."""
        return tuple(dataset for dataset in self.datasets.values() if dataset.table)


def read_library(schemas: Path, more: Iterable[Path] = ()) -> Library:
    """Read ``schemas/datasets/*.yaml`` and ``schemas/classes.yaml``, and dataset files in the folders ``more``.

    Raises DeclarationError for a file that does not fit, or a dataset that is declared twice.
    """
    classes = convert(read_yaml(schemas / "classes.yaml"), tuple[PrivacyClass, ...], schemas / "classes.yaml")
    files = [path for folder in (schemas / "datasets", *more) for path in sorted(folder.glob("*.yaml"))]
    datasets: dict[str, Dataset] = {}
    for path in files:
        dataset = convert(read_yaml(path), Dataset, path)
        if dataset.name in datasets:
            raise DeclarationError(path, f"the dataset {dataset.name!r} is declared twice")
        if dataset.table:
            check_masks(dataset.table, path)
        datasets[dataset.name] = dataset
    _check_shares(datasets)
    by_order = sorted(datasets.items(), key=lambda item: item[1].order)
    return Library(dict(by_order), Classes(classes))


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


def _are_joinable(dataset: Dataset, other: Dataset | None, field: str) -> bool:
    """Return whether two datasets have what their rows can be joined by."""
    if other is None or other.table is None or field not in {column.name for column in other.table.fields}:
        return False
    needed = {"place.label", "time.precision"}
    return all(needed <= {column.column for column in table.fields} for table in (dataset.rows, other.table))
