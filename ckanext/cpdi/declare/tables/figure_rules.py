"""Checks that the rows which a series' printed tables become fit the table that they go into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.figures import Figures

HEADER = (
    "figure_id",
    "week_ending",
    "team",
    "offence",
    "window",
    "current",
    "prior",
    "change_percent",
    "edition",
    "page",
)
"""The columns of the feed that figures are loaded from."""


def check_figures(figures: Figures, datasets: Mapping[str, Dataset], path: Path | str, at: str) -> None:
    """Raise DeclarationError where ``figures``, ``at`` a place of a file, name a table that cannot take them.

    The table reads every column of the feed. Whether its fields let a department's values through is said by each run.
    """
    tables = {name: dataset.table for name, dataset in datasets.items() if dataset.table}
    table = tables.get(figures.dataset)
    if table is None:
        raise DeclarationError(path, f"{at}.dataset: {unknown(figures.dataset, tables)}")
    missing = set(HEADER) - {column.name for column in table.read}
    if missing:
        raise DeclarationError(path, f"{at}.dataset: {figures.dataset} has no column {', '.join(sorted(missing))}")
