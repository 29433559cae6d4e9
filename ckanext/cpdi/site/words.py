"""Numbers, sizes, days and periods as people read them, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from ckanext.cpdi.declare import Text

_NIGHT_ENDS = 7
_NIGHT_BEGINS = 18
_LAST_NIGHT = Text("last night, {day}", "anoche, {day}")
_TODAY = Text("today, {day}", "hoy, {day}")
_YESTERDAY = Text("yesterday, {day}", "ayer, {day}")
_ON = Text("on {day}", "el {day}")
_TO = Text("{first} to {last}", "{first} a {last}")
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def locale(language: str) -> Locale:
    """Return Babel's locale of ``language`` (``es``, ``pt_BR``), English where Babel knows none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def number(value: float, language: str) -> str:
    """Return ``231402`` as ``231,402``."""
    return format_decimal(value, locale=locale(language))


def share(value: float | None, language: str) -> str:
    """Return ``0.4213`` as ``42.1%``; shares close to 0 or 1 read ``< 0.1%`` and ``> 99.9%``."""
    if value is None:
        return ""
    if 0 < value < 0.001:
        return f"< {format_percent(0.001, '0.0%', locale=locale(language))}"
    if 0.999 < value < 1:
        return f"> {format_percent(0.999, '0.0%', locale=locale(language))}"
    return format_percent(value, "0.#%", locale=locale(language))


def seconds(value: float, language: str) -> str:
    """Return ``0.04 s``, ``3.2 s``, or ``4 min 5 s`` from a minute on."""
    if value < 60:
        return f"{number(round(value, 1 if value >= 1 else 2), language)} s"
    minutes, rest = divmod(round(value), 60)
    return f"{number(minutes, language)} min {rest} s"


def size(octets: int, language: str) -> str:
    """Return a file's size in the largest unit that leaves a number of 1 or more, with at most one decimal."""
    amount, unit = float(octets), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    rounded = round(amount, 1) if amount < 10 and unit else round(amount)
    return f"{number(rounded, language)} {_UNITS[unit]}"


def day(value: date, language: str) -> str:
    """Return ``24 Nov 2026``."""
    return format_date(value, "d MMM y", locale=locale(language))


def long_day(value: date, language: str) -> str:
    """Return ``January 1, 2026``."""
    return format_date(value, "long", locale=locale(language))


def month(value: date, language: str) -> str:
    """Return ``Nov 2026``."""
    return format_date(value, "MMM y", locale=locale(language))


def moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """Return the day and the wall time of the department: ``24 Nov 2026, 3:12 AM``."""
    local = instant.astimezone(zone)
    return f"{day(local.date(), language)}, {format_time(local.time(), 'short', locale=locale(language))}"


def relative_day(instant: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Return how long ago ``instant`` was, as people say it: ``last night, 24 Nov 2026``.

    A night runs from 18:00 to 7:00 of the department's wall clock; an instant in the night before today is last night.
    """
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    written = day(local.date(), language)
    if local.date() == today:
        phrase = _LAST_NIGHT if local.hour < _NIGHT_ENDS else _TODAY
    elif local.date() == today - timedelta(days=1):
        phrase = _LAST_NIGHT if local.hour >= _NIGHT_BEGINS else _YESTERDAY
    else:
        phrase = _ON
    return phrase.get(language).format(day=written)


def period(first: date, last: date, language: str) -> str:
    """Return ``Jan 2019 to Nov 2026``, or one month where both days lie in it."""
    start, end = month(first, language), month(last, language)
    return start if start == end else _TO.get(language).format(first=start, last=end)


def days(first: date, last: date, language: str) -> str:
    """Return ``2 Nov 2026 to 8 Nov 2026``, or one day where both are the same."""
    start, end = day(first, language), day(last, language)
    return start if start == end else _TO.get(language).format(first=start, last=end)
