"""The states, with the zone that most of their people live in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.drafting.errors import DraftError


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
    raise DraftError(f"state: {unknown(name, [state.name for state in _states()])}")
