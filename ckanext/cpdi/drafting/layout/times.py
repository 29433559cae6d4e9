"""In which zone a feed's times are written, and whether they are times at all: by the hours of the day, by what happens
at clock changes, and by a column that says the hour.

In: the texts of the columns of instants, and the department's zone. Out: :class:`TimeReading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.formats import Formats, Reading, formats_of, plausible, read, read_share, share_of_days
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.rows.values.zone import DAY, HOUR, MISSING, Micros, zone_of

READINGS: tuple[Reading, ...] = ("local", "utc", "utc_is_local")
DAYS = 0.9
_READABLE = 0.75
"""Of a column of instants so many cells have to be read, or somebody is asked."""
_QUIET = range(2, 7)
"""Hours of the morning in which a town is quietest, by its own clock."""
_FEWEST = 500
"""Fewer times do not show which hours are quiet."""
_FEWEST_SKIPPED = 5
_FEWEST_AGREED = 20
_WINDOW = 4
_HOUR_COLUMN = r"(?i)(^|[^a-z])hour([^a-z]|$)|hour_?of_?(the_?)?day"
_AGREED = 0.95


@dataclass(frozen=True)
class TimeReading:
    """``reading`` and ``formats`` are for the profile's ``times``; ``reasons`` say what they rest on, ``doubts`` are
    what a person has to decide.
    """

    reading: Reading
    formats: Formats
    reasons: tuple[str, ...]
    doubts: tuple[Text, ...] = ()


def formats_in(contents: Contents, headers: Sequence[str]) -> Formats:
    """Return the patterns of all columns of instants together, since a profile has them for the whole feed."""
    return formats_of(*(contents.sample[header] for header in headers))


def unreadable_among(contents: Contents, headers: Iterable[str], formats: Formats) -> list[Text]:
    """Return what has to be decided of columns of instants whose cells the patterns hardly read."""
    shares = {header: read_share(contents.sample[header], formats) for header in headers}
    return [
        phrase(
            "{header}: only {share} of its filled cells can be read as times. Add their pattern to times.formats, or"
            " name another column under headers.",
            "{header}: solo el {share} de sus celdas llenas se puede leer como hora. Añada su patrón a times.formats, o"
            " nombre otra columna en headers.",
            header=header,
            share=share,
        )
        for header, share in shares.items()
        if share < _READABLE
    ]


def days_among(contents: Contents, headers: Mapping[str, str], formats: Formats) -> dict[str, bool]:
    """Return the columns that are days, of ``headers`` by column: True where a time of day is written in them all the
    same, so that the profile has to say it.
    """
    days: dict[str, bool] = {}
    for column, header in headers.items():
        instants = read(contents.sample[header], formats.patterns)
        if share_of_days(instants) > DAYS:
            days[column] = not bool(instants.dated[instants.utc != MISSING].all())
    return days


def reading_of(
    contents: Contents, header: str, zone: str, formats: Formats, *, is_day: bool, clock: str = ""
) -> TimeReading:
    """Return how the column ``header`` of the event's time is to be read, in a department of the time zone ``zone``.

    ``clock`` is the header of its time of day, where that stands apart; ``is_day`` says that it has none at all.
    """
    reasons = [f"{formats.share:.0%} of the cells are times" + (" in these patterns" if formats.patterns else "")]
    doubts = [_either(header)] if formats.either else []
    if is_day:
        return TimeReading("local", formats, (*reasons, f"{header} names days and no times"), tuple(doubts))
    reading, why, doubt = _Evidence(contents, header, formats, zone, clock).verdict()
    return TimeReading(reading, formats, (*reasons, *why), (*doubts, *doubt))


def _either(header: str) -> Text:
    return phrase(
        "{header}: no cell tells whether the day or the month comes first; the month is taken. Compare one record with"
        " the records system.",
        "{header}: ninguna celda dice si va primero el día o el mes; se toma el mes. Compare un registro con el sistema"
        " de registros.",
        header=header,
    )


class _Evidence:
    """What speaks for each way of reading the same texts.

    ``_stamps`` are the instants that the texts name if they are UTC where they do not say otherwise, in microseconds;
    ``_zoned``: most texts do say it, by an offset, a Z or by being seconds since 1970.
    """

    def __init__(self, contents: Contents, header: str, formats: Formats, zone: str, clock: str) -> None:
        self._contents, self._header, self._zone = contents, header, zone_of(zone)
        column, clocks = contents.sample[header], contents.sample[clock] if clock else None
        stamps = read(column, formats.patterns, clocks=clocks).utc
        self._stamps: Micros = np.where(plausible(stamps), stamps, MISSING)
        self._walls: dict[Reading, Micros] = {
            reading: self._wall(read(column, formats.patterns, reading, zone, clocks).utc) for reading in READINGS
        }
        good = self._stamps != MISSING
        self._zoned = bool(good.any()) and bool((self._walls["local"][good] == self._walls["utc"][good]).mean() > 0.5)
        self._true: Reading = "local" if self._zoned else "utc"
        self._faced: Reading = "utc_is_local" if self._zoned else "local"
        """The readings by which a stamp is an instant, and by which it is what a clock on the wall showed."""

    def _wall(self, utc: Micros) -> Micros:
        """Return instants as wall time of the department, MISSING where they cannot be."""
        good = plausible(utc)
        known = np.where(good, utc, 0)
        return np.where(good, known + self._zone.offset(known), MISSING)

    def verdict(self) -> tuple[Reading, list[str], list[Text]]:
        """Return the reading, what it rests on, and what is left to decide."""
        if by_column := self._by_hour_column():
            return by_column
        number = int((self._stamps != MISSING).sum())
        if number < _FEWEST:
            few = phrase("{n} times are too few to tell", "{n} horas son muy pocas para saberlo", n=number)
            return "local", [], [self._ask(few)]
        quiet: dict[Reading, int] = {reading: self._quietest(reading) for reading in (self._true, self._faced)}
        hours = ", ".join(f"about {hour}:00 if they are {_WORDS[reading]}" for reading, hour in quiet.items())
        reasons = [f"the day is quietest {hours}"]
        skipped, usual = self._in_skipped_hours()
        if usual >= _FEWEST_SKIPPED:
            reasons.append(
                f"the hours that the clock skips in spring have {skipped} times, those of other weeks {usual:.0f}"
            )
            if skipped <= usual / 10 and quiet[self._faced] in _QUIET:
                return self._faced, reasons, []
        fitting: list[Reading] = [reading for reading, hour in quiet.items() if hour in _QUIET]
        if len(fitting) == 1:
            return fitting[0], reasons, [] if fitting[0] == "local" else [self._ask(_QUIET_SAY)]
        return "local", reasons, [self._ask(_QUIET_SAY_NOTHING)]

    def _by_hour_column(self) -> tuple[Reading, list[str], list[Text]] | None:
        """Return the reading by which the hours are those of a column that says the hour; None without one."""
        for name in self._contents.headers:
            if name == self._header or not pl.Series([name]).str.contains(_HOUR_COLUMN).item():
                continue
            hours = _hours(self._contents.sample[name])
            both: tuple[Reading, Reading] = (self._true, self._faced)
            shares: dict[Reading, float] = {reading: self._agreement(reading, hours) for reading in both}
            best = max(shares, key=lambda reading: shares[reading])
            if shares[best] >= _AGREED:
                why = (
                    f"the column {name} has the same hour in {shares[best]:.0%} of the rows if they are {_WORDS[best]}"
                )
                return best, [why], []
        return None

    def _agreement(self, reading: Reading, hours: Micros) -> float:
        """Return the share of rows whose hour, in this reading, is that of the other column."""
        wall = self._walls[reading]
        both = (wall != MISSING) & (hours >= 0)
        return float(((wall[both] % DAY) // HOUR == hours[both]).mean()) if both.sum() >= _FEWEST_AGREED else 0.0

    def _quietest(self, reading: Reading) -> int:
        """Return the middle of the four hours that have the fewest events together."""
        wall = self._walls[reading]
        hours = np.bincount((wall[wall != MISSING] % DAY) // HOUR, minlength=24)
        together = np.array([np.roll(hours, -first)[:_WINDOW].sum() for first in range(24)])
        return int((together.argmin() + _WINDOW // 2) % 24)

    def _in_skipped_hours(self) -> tuple[int, float]:
        """Return how many stamps, taken as a clock on the wall, lie in hours that it skips, and how many would in a
        week as those around: a clock on the wall never shows them.
        """
        known = self._stamps[self._stamps != MISSING]
        around = np.concatenate([known + days * DAY for days in (-14, -7, 7, 14)])
        return int(self._zone.to_utc(known)[2].sum()), int(self._zone.to_utc(around)[2].sum()) / 4

    def _ask(self, why: Text) -> Text:
        return phrase(
            "{header}: is it local time, UTC, or local time that is stamped as UTC? ({why}.) Compare two records, one"
            " of summer and one of winter, with the records system, and set times.reading.",
            "{header}: ¿es hora local, UTC, u hora local marcada como UTC? ({why}.) Compare dos registros, uno de"
            " verano y uno de invierno, con el sistema de registros, y fije times.reading.",
            header=self._header,
            why=why,
        )


_QUIET_SAY = Text("the quiet hours say so", "lo dicen las horas tranquilas")
_QUIET_SAY_NOTHING = Text("the quiet hours do not tell", "las horas tranquilas no lo dicen")
_WORDS: dict[Reading, str] = {"local": "local time", "utc": "UTC", "utc_is_local": "local time stamped as UTC"}


def _hours(texts: pl.Series) -> Micros:
    """Return the hours that texts such as ``1 am``, ``13`` or ``13:00`` name, -1 for none."""
    parts = (
        texts.str.to_lowercase()
        .str.extract_groups(r"^\s*(\d{1,2})(?::\d{2}){0,2}\s*([ap]?)\.?m?\.?\s*$")
        .struct.unnest()
    )
    hour = parts["1"].cast(pl.Int64, strict=False)
    half = parts["2"]
    noon = (hour % 12) + pl.select(pl.when(half == "p").then(12).otherwise(0)).to_series()
    named = half.is_in(["a", "p"])
    hours = hour.zip_with(~named.fill_null(value=False), noon)
    return hours.set((hours > 23).fill_null(value=False), None).fill_null(-1).to_numpy()
