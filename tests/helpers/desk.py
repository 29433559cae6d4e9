"""The records desk in tests: denying records, and looking for what is left of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATASET = "calls-for-service"


def deny(*numbers: str, dataset: str = DATASET, why: str = "expunged") -> Any:
    """Deny records as the desk does."""
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import deny as denial

    with config.store() as store:
        return denial.deny(store, denial.preview(store, dataset, numbers).keys, why, "tester")


def release(*numbers: str, dataset: str = DATASET) -> Any:
    """Take records off the list."""
    from ckanext.cpdi import config
    from ckanext.cpdi.desk import deny as denial

    with config.store() as store:
        return denial.lift(store, denial.preview(store, dataset, numbers).keys, "mistake", "tester")


def numbers(dataset: str = DATASET) -> set[str]:
    """The published record numbers, as the DataStore API gives them."""
    import ckan.plugins.toolkit as tk

    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.parts import resource_id

    key = config.library().dataset(dataset).rows.key
    found = tk.get_action("datastore_search")(
        {"ignore_auth": True}, {"resource_id": resource_id(dataset), "limit": 32_000, "fields": [key]}
    )
    return {row[key] for row in found["records"]}


def files_with(folder: Path, text: str) -> Iterator[Path]:
    """Every file below ``folder`` that has ``text`` in it; archives and columns are opened."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and text.encode() in _content(path):
            yield path


def _content(path: Path) -> bytes:
    import zipfile

    import polars as pl

    if path.suffix == ".parquet":
        return pl.read_parquet(path).select(pl.exclude("geometry")).write_json().encode()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return path.read_bytes()
