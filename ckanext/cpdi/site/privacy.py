"""The Help Center's table of privacy classes: a line for each class of the profile."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Levels, PrivacyClass, Profile, Text

_TIMES = {
    "minute": Text("to the minute", "al minuto"),
    "hour": Text("to the hour", "a la hora"),
    "date": Text("the day", "el día"),
    "month": Text("the month", "el mes"),
    "quarter": Text("the quarter", "el trimestre"),
    "none": Text("not shown", "no se muestra"),
}
_PLACES = {
    "unit": Text("block or area of {k} or more addresses", "cuadra o zona de {k} o más direcciones"),
    "team": Text("the patrol team only", "solo el equipo de patrulla"),
    "none": Text("not shown", "no se muestra"),
}
_KINDS = {
    "fed": Text("as recorded", "como se registró"),
    "group": Text("its group only", "solo su grupo"),
    "none": Text("not shown", "no se muestra"),
}
_AT_ONCE = Text("once closed", "al cerrarse")
_HOURS = Text("{n} hours after closing", "{n} horas después del cierre")
_DAYS = Text("{n} days after closing", "{n} días después del cierre")
_MONTHLY = Text(
    "on the first of a month, when all rows of its month are due ({wait})",
    "el día 1 de un mes, cuando vencen todas las filas de su mes ({wait})",
)
_NEVER = Text("counted only", "solo se cuenta")
_DAY = 24


@dataclass(frozen=True)
class ClassLine:
    """What is published of a row of one class."""

    title: str
    time: str
    place: str
    kind: str
    wait: str


def lines(profile: Profile, language: str) -> tuple[ClassLine, ...]:
    """Return the classes of ``profile`` from the mildest to the strictest."""
    return tuple(_line(privacy_class, profile.places.minimum_addresses, language) for privacy_class in profile.classes)


def _line(privacy_class: PrivacyClass, addresses: int, language: str) -> ClassLine:
    """Return the line of a class."""
    levels = privacy_class.levels
    return ClassLine(
        title=privacy_class.title.get(language),
        time=_TIMES[levels.time].get(language),
        place=_PLACES[levels.place].get(language).format(k=addresses),
        kind=_KINDS[levels.kind].get(language),
        wait=_wait(levels, language),
    )


def _wait(levels: Levels, language: str) -> str:
    """Return when a row is published."""
    if levels.withheld:
        return _NEVER.get(language)
    wait = _embargo(levels.embargo_hours, language)
    return _MONTHLY.get(language).format(wait=wait) if levels.release == "monthly" else wait


def _embargo(hours: int, language: str) -> str:
    """Return an embargo in words, in days where the hours are three whole days or more."""
    if not hours:
        return _AT_ONCE.get(language)
    if hours % _DAY or hours < 3 * _DAY:
        return _HOURS.get(language).format(n=hours)
    return _DAYS.get(language).format(n=hours // _DAY)
