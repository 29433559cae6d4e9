"""Fixtures of the row engine's tests."""

from __future__ import annotations

import pytest
from rows_kit import town

from ckanext.cpdi.declare import Profile


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return town(tmp_path_factory.mktemp("town"))
