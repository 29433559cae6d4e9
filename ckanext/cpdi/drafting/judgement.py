"""A person's judgements, written into the files of a draft: a class into lines of its code lists and of its flags."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

_HEADER = re.compile(r"^      - header: (?P<header>.+)$")
_VALUE = re.compile(
    r"^          (?P<value>.+): (?P<judged>\S+)  # proposed: (?P<proposed>\w+)(?:; (?P<rows>[\d,]+) rows)?$"
)


@dataclass(frozen=True)
class Judged:
    """A value with its rows, what is proposed and why, and the class that somebody gave it, empty for none."""

    value: str
    rows: int
    category: str
    proposed: str
    basis: str
    judged: str


def values_of_list(text: str) -> list[Judged]:
    """Return the values of a drafted code list."""
    return [
        Judged(row["value"], int(row["count"]), row["category"], row["proposed"], row["basis"], row["class"])
        for row in csv.DictReader(text.splitlines())
    ]


def judge_list(text: str, classes: Mapping[str, str]) -> str:
    """Return a drafted code list with the ``classes`` of some of its values; those of the others stay."""
    lines = csv.DictReader(text.splitlines())
    written = io.StringIO()
    table = csv.DictWriter(written, list(lines.fieldnames or ()), lineterminator="\n")
    table.writeheader()
    table.writerows({**row, "class": classes.get(row["value"], row["class"])} for row in lines)
    return written.getvalue()


def values_of_flags(text: str) -> dict[str, list[Judged]]:
    """Return the values of the flags of a drafted profile, by header."""
    flags: dict[str, list[Judged]] = {}
    header = ""
    for line in text.splitlines():
        header = _read(match["header"]) if (match := _HEADER.match(line)) else header
        if header and (match := _VALUE.match(line)):
            rows = int((match["rows"] or "0").replace(",", ""))
            judged = Judged(_read(match["value"]), rows, "", match["proposed"], "", _read(match["judged"]))
            flags.setdefault(header, []).append(judged)
    return flags


def judge_flag(text: str, header: str, classes: Mapping[str, str]) -> str:
    """Return a drafted profile with the ``classes`` of some values of the flag ``header``."""
    lines: list[str] = []
    current = ""
    for line in text.splitlines():
        current = _read(match["header"]) if (match := _HEADER.match(line)) else current
        match = _VALUE.match(line) if current == header else None
        if match and (value := _read(match["value"])) in classes:
            begin, end = match.span("judged")
            lines.append(line[:begin] + (classes[value] or '""') + line[end:])
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _read(text: str) -> str:
    """Return a text that YAML wrote."""
    return str(yaml.safe_load(text))
