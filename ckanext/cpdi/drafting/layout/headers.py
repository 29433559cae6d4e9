"""Which of a feed's columns fills which column of a dataset, by name and by what stands in it.

A name that is the usual one counts most; one of other words counts by the words it shares. Whatever the name says, what
stands in the column has to be able to be it: a column ``Closed`` of yes and no is no time of closing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ckanext.cpdi.declare import Input, Table, Text
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.rows.values.headers import spelling

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SHORT = {
    "addr": "address", "blk": "block", "cad": "incident", "case": "incident", "cfs": "call", "citn": "citation",
    "cit": "citation", "cls": "closed", "clsd": "closed", "close": "closed", "coord": "", "desc": "description",
    "disp": "disposition", "dispo": "disposition", "dt": "date", "dttm": "date time", "dtm": "date time",
    "datetime": "date time",
    "event": "incident", "evt": "incident", "file": "incident", "report": "incident", "rpt": "incident",
    "id": "number", "inc": "incident", "lat": "latitude", "lng": "longitude", "lon": "longitude", "long": "longitude",
    "nature": "problem", "nbr": "number", "no": "number", "num": "number", "number": "number", "offense": "violation",
    "orig": "origin", "pri": "priority", "prio": "priority", "rcvd": "received", "recd": "received", "recv": "received",
    "src": "source", "str": "street", "typ": "type", "viol": "violation", "charge": "violation", "ticket": "citation",
    "fallnummer": "incident", "x": "longitude", "xcoord": "longitude", "y": "latitude", "ycoord": "latitude",
    "gender": "sex", "occurred": "received", "arr": "arrival", "arrived": "arrival", "scene": "arrival", "the": "",
    "of": "", "is": "", "a": "", "at": "", "point": "", "geo": "", "cleared": "closed", "clear": "closed",
    "outcome": "disposition", "result": "disposition", "master": "", "original": "", "final": "", "initial": "",
}  # fmt: skip
"""Words of headers that mean the same as another, or nothing."""
_LEAST = 0.4
_USUAL, _LIKE, _COVERED = 1.0, 0.9, 0.7
_CONTENT = 0.3
"""What stands in a column counts so much beside its name."""
_TIMELY, _NUMERIC, _PLACED = 0.9, 0.9, 0.3


@dataclass(frozen=True)
class Match:
    """A feed's column that fills one of a dataset; ``basis`` says by what, ``certain``: by its usual name.

    ``speaks``: what stands in it speaks for it; ``why`` is said where nothing else does; ``others`` are headers whose
    cells could be it as well.
    """

    header: str
    basis: str
    certain: bool
    speaks: bool = False
    why: Text | None = None
    others: tuple[str, ...] = ()

    @property
    def by_contents(self) -> bool:
        """Whether nothing but what stands in the column made it one."""
        return self.why is not None


@dataclass(frozen=True)
class Matches:
    """``columns`` of the dataset with what fills them; ``refused``: headers that have the usual name of a column and
    cannot be it, with the reason; ``hints``: columns of the dataset that a header could fill by what stands in it, and
    that only a person may say, since of whom a row shows more hangs on it.
    """

    columns: dict[str, Match]
    refused: dict[str, Text]
    hints: dict[str, Match] = field(default_factory=dict[str, Match])

    @property
    def headers(self) -> frozenset[str]:
        """The headers that fill a column."""
        return frozenset(pair.header for pair in self.columns.values())


@dataclass(frozen=True)
class _Candidate:
    score: float
    column: str
    header: str
    basis: str
    certain: bool
    speaks: bool


def match(table: Table, columns: Mapping[str, Column]) -> Matches:
    """Return which of a feed's ``columns`` fills which of the table's; no header fills two."""
    refused: dict[str, Text] = {}
    candidates: list[_Candidate] = []
    for wanted in table.read:
        names = {spelling(name) for name in (*wanted.headers, wanted.name)}
        for header, column in columns.items():
            usual = spelling(header) in names
            if objection := _objection(wanted, column, table):
                refused |= {header: _refusal(wanted.name, objection)} if usual else {}
                continue
            likeness = _USUAL if usual else _likeness(header, (*wanted.headers, wanted.name))
            name = "usual name" if usual else "alike name" if likeness >= _LEAST else ""
            content = _content(wanted, column, table)
            if name or (content and _is_told_by_content(wanted, header, table)):
                basis = ", ".join(filter(None, (name, content)))
                score = likeness + (_CONTENT if content else 0.0)
                candidates.append(_Candidate(score, wanted.name, header, basis, usual, bool(content)))
    return Matches(_assigned(candidates), refused)


def _assigned(candidates: list[_Candidate]) -> dict[str, Match]:
    """Return the best pairs, each column and each header once."""
    taken: dict[str, Match] = {}
    used: set[str] = set()
    for candidate in sorted(candidates, key=lambda pair: -pair.score):
        if candidate.column not in taken and candidate.header not in used:
            used.add(candidate.header)
            taken[candidate.column] = Match(candidate.header, candidate.basis, candidate.certain, candidate.speaks)
    return taken


def _refusal(name: str, objection: Text) -> Text:
    return phrase(
        "has the usual name of {name}, but {objection}",
        "tiene el nombre habitual de {name}, pero {objection}",
        name=name,
        objection=objection,
    )


_EMPTY = Text("it is empty", "está vacía")
_NO_TIMES = Text("it holds no times", "no contiene horas")
_NO_NUMBERS = Text("it holds no numbers", "no contiene números")
_NO_YES = Text("it holds neither yes nor no", "no contiene ni sí ni no")
_NO_CODES = Text("it holds no codes", "no contiene códigos")
_NO_ADDRESSES = Text("it holds no addresses", "no contiene direcciones")
_TIMES = Text("it holds times", "contiene horas")


def _objection(wanted: Input, column: Column, table: Table) -> Text | None:
    """Return why a column cannot be what is wanted, whatever it is called; None for no reason."""
    if not column.filled:
        return _EMPTY
    match wanted.type:
        case "datetime":
            return None if column.timely >= 0.5 else _NO_TIMES
        case "number" | "integer":
            return None if column.numeric >= 0.5 else _NO_NUMBERS
        case "boolean":
            return None if column.yes_no or column.few else _NO_YES
        case "code" | "codes":
            return None if column.timely < 0.5 and not column.personal else _NO_CODES
        case "address":
            timely = column.timely >= 0.5 or column.numeric >= 0.5
            return _NO_ADDRESSES if timely or column.yes_no else None
        case _:
            if wanted.name == table.key:
                return _TIMES if column.timely >= 0.5 and column.numeric < 0.5 else None
            return None if column.timely < 0.5 else _TIMES


def _is_told_by_content(wanted: Input, header: str, table: Table) -> bool:
    """Say whether what stands in a column is enough: where it is called a number, that all are different."""
    return wanted.name == table.key and "number" in words_of_header(header)


def _content(wanted: Input, column: Column, table: Table) -> str:
    """Return what in the column's cells speaks for it; empty for nothing."""
    match wanted.type:
        case "datetime":
            return f"{column.timely:.0%} are times" if column.timely >= _TIMELY else ""
        case "number" | "integer":
            return f"{column.numeric:.0%} are numbers" if column.numeric >= _NUMERIC else ""
        case "code" | "codes":
            return f"{column.distinct:,} different values" if column.few and column.numeric < 0.5 else ""
        case "address":
            return f"{column.placed:.0%} are like addresses" if column.placed >= _PLACED else ""
        case _ if wanted.name == table.key:
            return "all different" if column.unique else ""
        case _:
            return f"{column.distinct:,} different values" if column.few else ""


def _likeness(header: str, names: Iterable[str]) -> float:
    """Return how much of its words a header shares with the most similar of the names, or with all of them together."""
    words, named = words_of_header(header), [words_of_header(name) for name in names]
    single = max((_overlap(words, name) for name in named), default=0.0)
    known = len(words & frozenset().union(*named)) / max(1, len(words))
    return max(_LIKE * single, _COVERED * known)


def _overlap(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / len(words | others) if words and others else 0.0


def words_of_header(header: str) -> frozenset[str]:
    """Return the words of a header in lower case, short forms in full."""
    words = (word.lower() for part in re.split(r"[^A-Za-z0-9]+", header) for word in _WORD.findall(part))
    return frozenset(full for word in words for full in str(_SHORT.get(word, word)).split())
