"""Checks of the changes that a run would make: removed, unusable and withheld rows."""

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
        before, after, limit = night.table_rows, night.changes.rows, night.limits.drop
        if night.summary.read and before and after < before * (1 - limit):
            text = f"The table would shrink from {before:,} to {after:,} rows, by more than {limit:.0%}."
            yield Objection("shrunk", text, before, after)


class Quarantined(Check):
    """Object where more than the declared share of the rows cannot be used."""

    name = "quarantined"
    order = 3

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        read, bad, limit = night.summary.read, night.summary.count("quarantined"), night.limits.quarantine
        if read and bad > read * limit:
            last = night.last.run if night.last else None
            before = share(last.quarantined, last.read) if last else None
            text = f"{bad:,} of {read:,} rows cannot be used, more than {limit:.0%}."
            yield Objection("quarantined", text, before, share(bad, read))


class Window(Check):
    """Object where a feed of the last days does not cover the days that its rule declares."""

    name = "window"
    order = 4

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        coverage = night.changes.coverage
        if not night.rule.days or coverage is None or coverage.stayed <= night.limits.window * coverage.rows:
            return
        last = coverage.window.end - timedelta(days=1)
        text = (
            f"The feed should cover {coverage.window.begin} to {last}. Of the {coverage.rows:,} rows that the table has"
            f" there it lacks {coverage.stayed:,}, on days of which it has few rows or none: it reaches back less, or"
            " days are missing. None of them is removed."
        )
        yield Objection("window", text, coverage.rows, coverage.rows - coverage.stayed)


class Withheld(Check):
    """Object where a reason withholds a far greater share of the rows than before."""

    name = "withheld"
    order = 5

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.last_shown
        if last is None:
            return
        now: dict[str, int] = {}
        for reason_rows in night.summary.reasons():
            if reason_rows.outcome == "withheld":
                now[reason_rows.reason] = now.get(reason_rows.reason, 0) + reason_rows.rows
        for reason, before, after in _shares(last.withheld, last.run.read, now, night.summary.read):
            if after - before > night.limits.shift:
                text = f"{after:.0%} of the rows are withheld as {reason}; in the last good run it was {before:.0%}."
                yield Objection("withheld", text, before, after, reason)


class Classes(Check):
    """Object where the share of a privacy class has grown or shrunk by far.

    A wrong column of codes or flags can put rows into a class that is too mild.
    """

    name = "classes"
    order = 6

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.last_shown
        if last is None:
            return
        old, new = last.classes, night.summary.classes
        if min(sum(old.values()), sum(new.values())) < FEWEST:
            return
        for name, before, after in _shares(old, sum(old.values()), new, sum(new.values())):
            if abs(after - before) > night.limits.shift:
                text = f"{after:.0%} of the rows fall under the class {name}; in the last good run it was {before:.0%}."
                yield Objection("class", text, before, after, name)


def _shares(
    old: Mapping[str, int], old_rows: int, new: Mapping[str, int], new_rows: int
) -> Iterator[tuple[str, float, float]]:
    """Yield each name with its old and new share."""
    for name in sorted({*old, *new}):
        yield name, share(old.get(name, 0), old_rows), share(new.get(name, 0), new_rows)
