"""Claims on jobs and datasets: locks that the database drops by itself when their holder dies.

A message in Redis may come twice, or be lost. A claim belongs to the database connection of the working process, so
nobody works on a job whose claim is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from ckanext.cpdi.errors import PortalError


class DatasetBusy(PortalError, RuntimeError):
    """Another run of the dataset is under way; the message is for staff."""

    def __init__(self, dataset: str) -> None:
        super().__init__(f"Another run of {dataset} is at work; run again when it has ended.")


_SPACE = 0x63706469
"""First half of the advisory lock's key: keeps our claims apart from other users of such locks."""


@contextmanager
def claim(name: str, *, wait: bool = False) -> Iterator[bool]:
    """Hold the claim ``name`` within the block; give whether it was acquired, which with ``wait`` is always True."""
    key: dict[str, int | str] = {"space": _SPACE, "name": name}
    with cast(Engine, model.meta.engine).connect() as connection:
        if wait:
            connection.execute(sa.text("SELECT pg_advisory_lock(:space, hashtext(:name))"), key)
        acquired = wait or bool(
            connection.execute(sa.text("SELECT pg_try_advisory_lock(:space, hashtext(:name))"), key).scalar()
        )
        connection.commit()
        try:
            yield acquired
        finally:
            if acquired:
                _drop(connection, key)


@contextmanager
def dataset_claim(dataset: str) -> Iterator[None]:
    """Hold the claim on the runs of ``dataset`` within the block; raise DatasetBusy where another run has it."""
    with claim(f"dataset {dataset}") as acquired:
        if not acquired:
            raise DatasetBusy(dataset)
        yield


def is_free(name: str) -> bool:
    """Return whether nobody holds the claim ``name``."""
    with claim(name) as acquired:
        return acquired


def _drop(connection: sa.Connection, key: dict[str, int | str]) -> None:
    """Drop a claim; where the connection broke, the database has done so already."""
    try:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:space, hashtext(:name))"), key)
        connection.commit()
    except DBAPIError:
        connection.invalidate()
