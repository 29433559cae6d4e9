"""Checks of what a run would do to the table: rows that go, rows that cannot be used, rows that are kept back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from ckanext.cpdi.pipeline.check import FEWEST, Check, Night, share
from ckanext.cpdi.store import Objection


class Empty(Check):
    """Object to a feed without rows, where the table has some."""

    name = "empty"
    order = 1

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        if night.table_rows and not night.summary.read:
            yield Objection("empty", "The feed has a header and no rows.", night.table_rows, 0)


class Shrunk(Check):
    """Object where the table would lose more than the declared share of its rows."""

    name = "shrunk"
    order = 2

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before, after, limit = night.table_rows, night.changes.rows, night.guard.drop
        if night.summary.read and before and after < before * (1 - limit):
            text = f"The table would shrink from {before:,} to {after:,} rows, by more than {limit:.0%}."
            yield Objection("shrunk", text, before, after)


class Quarantined(Check):
    """Object where more than the declared share of the rows cannot be used."""

    name = "quarantined"
    order = 3

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        read, bad, limit = night.summary.read, night.summary.count("quarantined"), night.guard.quarantine
        if read and bad > read * limit:
            last = night.last.run if night.last else None
            before = share(last.quarantined, last.read) if last else None
            text = f"{bad:,} of {read:,} rows cannot be used, more than {limit:.0%}."
            yield Objection("quarantined", text, before, share(bad, read))


class Window(Check):
    """Object where a feed of the last days does not cover the days that it is declared to cover."""

    name = "window"
    order = 4

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        found = night.changes.coverage
        if not night.rule.days or found is None or found.stayed <= night.guard.window * found.rows:
            return
        last = found.window.end - timedelta(days=1)
        text = (
            f"The feed should cover {found.window.begin} to {last}. Of the {found.rows:,} rows that the table has there"
            f" it lacks {found.stayed:,}, on days of which it has few rows or none: it reaches back less, or days are"
            " missing. None of them is removed."
        )
        yield Objection("window", text, found.rows, found.rows - found.stayed)


class Withheld(Check):
    """Object where one reason keeps back a far greater share of the rows than it did."""

    name = "withheld"
    order = 5

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.shown
        if last is None:
            return
        now: dict[str, int] = {}
        for one in night.summary.reasons():
            if one.outcome == "withheld":
                now[one.reason] = now.get(one.reason, 0) + one.rows
        for reason, before, after in _shares(last.withheld, last.run.read, now, night.summary.read):
            if after - before > night.guard.shift:
                text = f"{after:.0%} of the rows are withheld as {reason}; in the last good run it was {before:.0%}."
                yield Objection("withheld", text, before, after, reason)


class Classes(Check):
    """Object where a privacy class takes up a far greater or smaller share of the rows than it did.

    A column of codes or flags that went wrong can make rows pass for milder than they are.
    """

    name = "classes"
    order = 6

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.shown
        if last is None:
            return
        old, new = last.classes, night.summary.classes
        if min(sum(old.values()), sum(new.values())) < FEWEST:
            return
        for name, before, after in _shares(old, sum(old.values()), new, sum(new.values())):
            if abs(after - before) > night.guard.shift:
                text = f"{after:.0%} of the rows fall under the class {name}; in the last good run it was {before:.0%}."
                yield Objection("class", text, before, after, name)


def _shares(
    old: Mapping[str, int], old_rows: int, new: Mapping[str, int], new_rows: int
) -> Iterator[tuple[str, float, float]]:
    """Yield the share of each name then and now."""
    for name in sorted({*old, *new}):
        yield name, share(old.get(name, 0), old_rows), share(new.get(name, 0), new_rows)
