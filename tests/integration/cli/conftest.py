"""Fixtures of the commands' tests."""

from __future__ import annotations

import pytest
from helpers.demo import cities_made_once


@pytest.fixture
def cities(with_plugins, monkeypatch):
    """Places of the invented city, which take longer to make than a demo's rows: made by the first demo that has it."""
    from ckanext.cpdi.desk import gazetteer

    monkeypatch.setattr(gazetteer, "build_from", cities_made_once(gazetteer.build_from))
