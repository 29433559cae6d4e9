"""A table to ask of: the calls as they are declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.cpdi.declare import Table, read_library


@pytest.fixture(scope="session")
def calls() -> Table:
    library = read_library(Path(__file__).parents[3] / "schemas")
    return library.dataset("calls-for-service").rows
