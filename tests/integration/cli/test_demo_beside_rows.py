"""A demo of a portal that somebody has loaded rows into; the tests share it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from helpers import datastore
from helpers.demo import run
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id


class Kept(NamedTuple):
    """The places file before the demo, and what the demo printed."""

    places: bytes
    said: str


@pytest.fixture
def kept(once, cities) -> Kept:
    """Rows of somebody's own, and then a demo."""

    def fill(folder: Path) -> Kept:
        run("load", DATASET, write_calls(folder / "calls.csv", range(1, 2001)))
        return Kept(config.places_path("charleston").read_bytes(), run("demo", "--rows", 300))

    return once(fill)


def test_a_sample_that_is_held_is_a_line_and_the_demo_goes_on(kept):
    assert f"{DATASET}: run 2 is held, so that the portal starts with what it had. The table would shrink" in kept.said
    assert "published" in kept.said  # the citations
    assert datastore.rows(resource_id(DATASET)) == 2000


def test_places_that_somebody_made_and_rows_that_somebody_loaded_keep_the_profile(kept):
    assert config.profile().areas == {}
    assert config.places_path("charleston").read_bytes() == kept.places
