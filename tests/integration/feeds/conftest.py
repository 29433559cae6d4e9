"""Fixtures of the feeds' tests that need a server of another kind than the web's."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.cpdi.feeds import FetchSettings


@pytest.fixture
def settings(tmp_path: Path) -> FetchSettings:
    return FetchSettings(
        spool_dir=tmp_path / "spool",
        allowed_hosts=("127.0.0.1",),
        max_bytes=64 << 20,
        deadline_seconds=60,
        attempts=3,
        backoff_seconds=0.01,
    )
