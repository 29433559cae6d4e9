"""The documents as data: their headings, tables and examples, to be held against what the code declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from msgspec import inspect

from ckanext.cpdi.declare import Text

ROOT = Path(__file__).resolve().parents[2]
_HEADING = re.compile(r"^#+ (.*)$")
_RULE = re.compile(r"[-: |]+")
_CELLS = re.compile(r"(?<!\\)\|")


class Table(NamedTuple):
    """A table of a document: the heading that it stands under, its columns, and its rows as texts."""

    heading: str
    columns: list[str]
    rows: list[list[str]]

    def words(self, column: int = 0) -> list[str]:
        """Return what stands in backticks in a column, in its order."""
        return [word for row in self.rows for word in code(row[column])]


def page(name: str) -> str:
    """Return the text of a document, by its path from the project's root."""
    return (ROOT / name).read_text(encoding="utf-8")


def code(text: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading with the lines below it; a # in an example is none."""
    heading, lines, fenced = "", list[str](), False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if not fenced and (found := _HEADING.match(line)):
            yield heading, lines
            heading, lines = found[1], []
        else:
            lines.append(line)
    yield heading, lines


def tables(text: str) -> list[Table]:
    """Return the tables of a document."""
    found: list[Table] = []
    for heading, lines in sections(text):
        inside = False
        for before, line in pairwise(["", *lines]):
            if not line.startswith("|"):
                inside = False
            elif _RULE.fullmatch(line) and not inside:
                found.append(Table(heading, _cells(before), []))
                inside = True
            elif inside:
                found[-1].rows.append(_cells(line))
    return found


def table(text: str, heading: str, first: str = "") -> Table:
    """Return the one table under ``heading``, of those that begin with the column ``first`` where it is given."""
    fitting = [one for one in tables(text) if one.heading == heading and (not first or one.columns[0] == first)]
    assert len(fitting) == 1, f"{len(fitting)} tables under {heading!r}"
    return fitting[0]


def differences(
    document: str, heading: str, first: str, wanted: Sequence[Sequence[str]], *, ordered: bool = False
) -> str:
    """Return which lines to add to a table of a document, and which to take out, so that it lists what is ``wanted``.

    ``wanted`` has the first cells of each line, with their backticks. Cells that hold more than a word in backticks are
    compared by that word. The text is empty where the table is right; lines are in any order unless ``ordered``.
    """
    width = len(wanted[0]) if wanted else 1
    have = [tuple(map(_cell, row[:width])) for row in table(page(document), heading, first).rows]
    want = [tuple(map(_cell, cells)) for cells in wanted]
    place = f"{document}, the table under {heading!r}"
    said = [f"{place}: add the line  | {' | '.join(cells)} | …" for cells in want if cells not in have]
    said += [f"{place}: take out, or mend, the line  | {' | '.join(cells)} | …" for cells in have if cells not in want]
    if ordered and not said and have != want:
        said = [f"{place}: its order is {', '.join(cells[0] for cells in want)}"]
    return "\n".join(said)


def examples(lines: list[str], language: str) -> list[str]:
    """Return the fenced examples of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", "\n".join([*lines, ""]), re.MULTILINE | re.DOTALL)


def structs(kind: inspect.Type, place: str = "") -> Iterator[tuple[str, inspect.StructType]]:
    """Yield every struct in ``kind`` with the path of its key, outermost first; texts of two languages are leaves."""
    match kind:
        case inspect.StructType():
            if kind.cls is Text:
                return
            yield place, kind
            for one in keys(kind):
                yield from structs(one.type, f"{place}.{one.encode_name}".lstrip("."))
        case inspect.DictType():
            yield from structs(kind.value_type, place)
        case inspect.VarTupleType() | inspect.ListType():
            yield from structs(kind.item_type, place)
        case inspect.UnionType():
            for one in kind.types:
                yield from structs(one, place)
        case _:
            return


def keys(kind: inspect.StructType) -> list[inspect.Field]:
    """Return the keys that whoever writes YAML may give."""
    return [one for one in kind.fields if not one.encode_name.startswith("_")]


def paths(kind: inspect.Type) -> set[str]:
    """Return the path of every key, such as ``table.fields.cpdi:mask``."""
    return {f"{place}.{one.encode_name}".lstrip(".") for place, struct in structs(kind) for one in keys(struct)}


def _cell(text: str) -> str:
    """Return the first word in backticks, with them; else the text."""
    return f"`{code(text)[0]}`" if code(text) else text


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELLS.split(line.strip())[1:-1]]
