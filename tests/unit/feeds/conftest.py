"""Fixtures of the feeds' tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from feeds_kit import Reading

from ckanext.cpdi.feeds import FetchSettings


@pytest.fixture
def read(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> FetchSettings:
    return FetchSettings(
        spool_dir=tmp_path / "spool",
        drop_dir=tmp_path / "drop",
        allowed_hosts=("127.0.0.1",),
        max_bytes=1 << 20,
        deadline_seconds=10,
        attempts=3,
        backoff_seconds=0.01,
    )
