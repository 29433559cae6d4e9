"""Checks of the feed itself: its columns, how well they are filled, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ckanext.cpdi.pipeline.check import Check, Night, share
from ckanext.cpdi.rows import spelling
from ckanext.cpdi.store import Baseline, Objection

_GONE = 0.05
"""A column is as good as empty where it is filled in less than so much of the rows in which it was."""
_LONGEST = 60
_MISSING = 2


class ColumnsGone(Check):
    """Object where the feed has lost a column that was read: its field would go empty in every row.

    Order and spelling of the header do not matter, nor do columns that nothing reads. A column without which no row can
    be published fails the run before.
    """

    name = "columns_gone"
    order = 7

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        if before is None:
            return
        for name in sorted(before.filled.keys() - night.read.keys()):
            new = _named(_new(night, before.headers))
            text = f"The feed has no column for {name} any more" + (f"; new in it: {new}." if new else ".")
            yield Objection("column_gone", text, share(before.filled[name], before.rows), None, name)


class ColumnsNew(Check):
    """Note columns that the feed did not have and nothing reads: they change nothing, but somebody may want them."""

    name = "columns_new"
    order = 8

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        found = _new(night, before.headers) if before else []
        if found:
            text = f"The feed has new columns that nothing reads: {_named(found)}."
            yield Objection(
                "column_new", text, len(before.headers) if before else None, len(night.feed.headers), holds=False
            )


class ColumnsEmpty(Check):
    """Object where a column that used to be filled is empty, or can no longer be read."""

    name = "columns_empty"
    order = 9

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.before
        if before is None:
            return
        for name, rows in sorted(night.feed.filled.items()):
            then, now = share(before.filled.get(name, 0), before.rows), share(rows, night.feed.rows)
            if then >= night.guard.filled and now < then * _GONE:
                text = (
                    f"The column for {name} can be read in {now:.0%} of the rows; in the last good run it was"
                    f" {then:.0%}."
                )
                yield Objection("column_empty", text, then, now, name)


class Stale(Check):
    """Object to an old file, or an export that stands still: the newest row is farther behind than it used to be."""

    name = "stale"
    order = 10

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        yield from standing_still(night.last, night.feed.last, night.today, night.guard.stale_days)


class Behind(Check):
    """Object where nights are missing, nothing counted them, and the newest row is as much farther behind.

    That is what a clock that was set ahead while the machine was off looks like: a feed that comes with the night would
    have newer rows.
    """

    name = "behind"
    order = 11

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last, newest = night.last, night.feed.last
        if night.counted or last is None or last.lag_days is None or newest is None:
            return
        missing = (night.today - last.run.started.date()).days
        farther = (night.today - newest).days - last.lag_days
        if missing >= _MISSING and farther >= _MISSING:
            text = (
                f"The last good run was {missing} days ago by the clock, and the newest row of the feed, of {newest},"
                f" is {farther} days farther behind than it used to be. The clock may be wrong, or the export"
                " stood still."
            )
            yield Objection("clock", text, last.run.started.date().isoformat(), night.today.isoformat())


def standing_still(last: Baseline | None, newest: date | None, today: date, days: int) -> Iterator[Objection]:
    """Object where the newest row of a feed is more than ``days`` farther behind ``today`` than it was at best."""
    if last is None or last.lag_days is None or newest is None or last.run.feed is None:
        return
    behind = (today - newest).days
    if behind > last.lag_days + days:
        text = (
            f"The newest row of the feed is of {newest}, {behind} days ago; it used to be {last.lag_days} days behind."
            " It may be an old file, or the export stands still."
        )
        before = last.run.feed.last.isoformat() if last.run.feed.last else None
        yield Objection("stale", text, before, newest.isoformat())


def _new(night: Night, before: tuple[str, ...]) -> list[str]:
    """Return the headers that the feed did not have, that nothing reads and that the profile does not ignore."""
    known = {spelling(one) for names in night.read.values() for one in names} | {spelling(one) for one in before}
    return [one for one in night.feed.headers if spelling(one) not in known | night.known]


def _named(headers: list[str]) -> str:
    """Return a list of headers as a text; there may be many, and one may be long."""
    shown = ", ".join(one[:_LONGEST] for one in headers[:10])
    return f"{shown} and {len(headers) - 10} more" if len(headers) > 10 else shown
