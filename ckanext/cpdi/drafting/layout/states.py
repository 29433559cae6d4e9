"""The states, with the zone that most of their people live in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.reading.nearest import nearest
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.phrases import phrase


@dataclass(frozen=True)
class State:
    """``zone`` is an IANA name; ``more_zones``: a part of the state has another."""

    code: str
    name: str
    zone: str
    more_zones: bool


@cache
def _states() -> tuple[State, ...]:
    text = files("ckanext.cpdi.drafting.layout").joinpath("states.csv").read_text(encoding="utf-8")
    return tuple(
        State(row["code"], row["name"], row["zone"], row["more_zones"] == "yes")
        for row in csv.DictReader(text.splitlines())
    )


def state_of(name: str) -> State:
    """Return the state with this name or postal code; raise DraftError for an unknown one."""
    for state in _states():
        if name.strip().casefold() in (state.code.casefold(), state.name.casefold()):
            return state
    raise DraftError(_unknown(name))


def _unknown(name: str) -> Text:
    """Return what is said of a name that no state has, with the one that is most like it."""
    names = [state.name for state in _states()]
    near = nearest(name, names)
    hint = phrase(" did you mean {near}?", " ¿quiso decir {near}?", near=near) if near else Text("")
    return phrase(
        "state: {name!r} is not known here;{hint} There are {names}",
        "Estado: {name!r} no se conoce aquí;{hint} Hay {names}",
        name=name,
        hint=hint,
        names=", ".join(names),
    )
