"""Checks of the feed itself: its columns, how well they are filled, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ckanext.cpdi.pipeline.check import Check, Night, share
from ckanext.cpdi.rows import spelling
from ckanext.cpdi.store import Baseline, Objection

_EMPTY_SHARE = 0.05
"""A column counts as empty below this part of the share of rows in which it used to be filled."""
_LONGEST = 60
_MISSING = 2


class ColumnsGone(Check):
    """Object where the feed has lost a column that was read: its field would become empty in every row.

    Order and spelling of the header do not matter, nor do columns that are not read. Without a column that every row
    needs, the run has failed before.
    """

    name = "columns_gone"
    order = 7

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        if before is None:
            return
        for name in sorted(before.filled.keys() - night.read.keys()):
            new = _list_text(_new_headers(night, before.headers))
            text = f"The feed has no column for {name} any more" + (f"; new in it: {new}." if new else ".")
            yield Objection("column_gone", text, share(before.filled[name], before.rows), None, name)


class ColumnsNew(Check):
    """Note new columns that are not read: they change nothing, but somebody may want them."""

    name = "columns_new"
    order = 8

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        new_headers = _new_headers(night, before.headers) if before else []
        if new_headers:
            text = f"The feed has new columns that nothing reads: {_list_text(new_headers)}."
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
            if then >= night.limits.filled and now < then * _EMPTY_SHARE:
                text = (
                    f"The column for {name} can be read in {now:.0%} of the rows; in the last good run it was"
                    f" {then:.0%}."
                )
                yield Objection("column_empty", text, then, now, name)


class Stale(Check):
    """Object to an old file, or an export that no longer changes: its newest row is older than it used to be."""

    name = "stale"
    order = 10

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        yield from standing_still(night.last, night.feed.last, night.today, night.limits.stale_days)


class Behind(Check):
    """Object where runs are missing for days that the machine did not count, and the newest row is older by as much.

    This is the sign of a clock that was set ahead while the machine was off; a real feed would have newer rows.
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
    """Object where the newest row is farther behind ``today`` than the last month's least, by more than ``days``."""
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


def _new_headers(night: Night, before: tuple[str, ...]) -> list[str]:
    """Return the headers that are new, not read, and not ignored by the profile."""
    read = (header for headers in night.read.values() for header in headers)
    expected = {*map(spelling, read), *map(spelling, before), *night.ignored}
    return [header for header in night.feed.headers if spelling(header) not in expected]


def _list_text(headers: list[str]) -> str:
    """Return headers as a list in text, the first ten of them, each cut to ``_LONGEST`` characters."""
    shown = ", ".join(header[:_LONGEST] for header in headers[:10])
    return f"{shown} and {len(headers) - 10} more" if len(headers) > 10 else shown
