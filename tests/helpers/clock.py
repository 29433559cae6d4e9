"""Another time of day for the parts of the portal that ask for it."""

from __future__ import annotations

import importlib
from datetime import datetime, tzinfo

import pytest

from ckanext.cpdi.pipeline import clock as reading
from ckanext.cpdi.pipeline.clock import Reading
from ckanext.cpdi.store import Clock as Clock_

_MODULES = (
    "catalog.department",
    "catalog.refresh",
    "pipeline.context",
    "publish.snapshot",
    "services.downloads",
    "site.portal",
)


class Clock:
    """Says what time it is; :meth:`set` moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = datetime.now().astimezone()
        clock = self

        class Told(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return clock._now.astimezone(tz)

        for name in _MODULES:
            monkeypatch.setattr(importlib.import_module(f"ckanext.cpdi.{name}"), "datetime", Told)

        # The clocks of machine and database move together here, and the machine counts as much.
        monkeypatch.setattr(
            reading, "read", lambda _: Reading(Clock_(self._now, "one", self._now.timestamp()), self._now)
        )

    def set(self, instant: datetime) -> None:
        """Let it be ``instant``, which has a time zone."""
        self._now = instant
