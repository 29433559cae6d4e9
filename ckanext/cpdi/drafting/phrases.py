"""What a draft says to people, in both languages: a sentence with figures and names put into it.

Headers and values of a feed stand in it as they are; figures are written as the language writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.cpdi.declare import Text

Value = Text | str | int | float
_GROUPED_FROM = 10_000
"""Spanish parts thousands from five digits on."""


def phrase(english: str, spanish: str, **values: Value) -> Text:
    """Return both texts with ``values`` in the place of their names: an integer is a number, a float from 0 to 1 a
    share in percent.
    """
    return Text(
        english.format(**{name: _in_english(value) for name, value in values.items()}),
        spanish.format(**{name: _in_spanish(value) for name, value in values.items()}),
    )


def series(parts: Iterable[Text], between: str = ", ") -> Text:
    """Return the texts one after the other."""
    listed = list(parts)
    return Text(between.join(part.en for part in listed), between.join(part.get("es") for part in listed))


def _in_english(value: Value) -> str:
    match value:
        case Text():
            return value.en
        case float():
            return f"{value:.0%}"
        case int():
            return f"{value:,}"
        case _:
            return value


def _in_spanish(value: Value) -> str:
    match value:
        case Text():
            return value.get("es")
        case float():
            return f"{value * 100:.0f} %"
        case int():
            return f"{value:,}".replace(",", ".") if value >= _GROUPED_FROM else str(value)
        case _:
            return value
