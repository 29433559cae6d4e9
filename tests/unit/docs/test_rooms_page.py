"""The rooms of docs/architecture.md are the packages that there are, and know what the import contracts let them."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from helpers.documents import ROOT, code, page, tables

HOME = ROOT / "ckanext" / "cpdi"
PAGE = page("docs/architecture.md")
CONTRACTS = {
    one["name"]: one
    for one in tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"]
}  # fmt: skip
ABOVE_ALL = "plugin"


def layers(contract: str) -> list[set[str]]:
    """Return the layers of a contract, from the highest; a room that is still to come stands in brackets."""
    return [set(re.findall(r"\w+", one)) for one in CONTRACTS[contract]["layers"]]


LAYERS = layers("Data flows one way through the rooms")
ROOMS = {
    room: knows
    for one in tables(PAGE)
    if one.columns == ["room", "what happens there", "knows"]
    for cells, knows in [(row[0], row[2]) for row in one.rows]
    for room in (Path(name).stem for name in code(cells))
}
DECLARED = {"schemas", "profiles"}
PACKAGES = {path.name for path in HOME.iterdir() if path.is_dir() and any(path.glob("*.py"))} - {"public"}
TO_COME = {one.strip("()") for one in CONTRACTS["Data flows one way through the rooms"]["layers"] if one[0] == "("}


MODULES = 20
"""How many modules a folder has at most."""


def below(room: str) -> set[str]:
    """Return the rooms that stand below ``room`` in the import contract."""
    at = next(number for number, one in enumerate(LAYERS) if room in one)
    return set().union(*LAYERS[at + 1 :])


def known(room: str) -> set[str]:
    """Return the rooms that the page says ``room`` knows."""
    said = ROOMS[room].partition(";")[0]
    if said.startswith("all"):
        return below(room)
    names = set(re.findall(r"\w+", said)) & set().union(*LAYERS)
    return names | set().union(*map(below, names)) if "and left" in said else names


def imported(room: str) -> set[str]:
    """Return the rooms that the modules of ``room`` import, at any depth of the code."""
    found: set[str] = set()
    for path in (HOME / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if names == ["ckanext.cpdi"]:
                names = [f"ckanext.cpdi.{one.name}" for one in node.names]
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[2] for name in names if name.startswith("ckanext.cpdi.")}
    return (found & PACKAGES) - {room}


def test_every_package_is_a_room_of_the_page_and_of_the_contract():
    layered = set().union(*LAYERS)
    assert set(ROOMS) - DECLARED - {ABOVE_ALL} == layered - {ABOVE_ALL}
    assert layered - {ABOVE_ALL} - TO_COME <= PACKAGES
    assert layered >= PACKAGES


@pytest.mark.parametrize("room", sorted(set(ROOMS) - DECLARED))
def test_what_a_room_knows_stands_below_it(room):
    assert known(room) <= below(room)


@pytest.mark.parametrize("room", sorted(PACKAGES))
def test_a_room_imports_what_it_knows_and_no_more(room):
    used = imported(room)
    assert used <= known(room)
    if "and left" not in ROOMS[room] and not ROOMS[room].startswith("all"):
        assert known(room) - TO_COME <= used


def test_the_rooms_without_ckan_are_those_of_the_contract():
    said = {room for room, knows in ROOMS.items() if "no CKAN" in knows} - TO_COME
    held = {one.rpartition(".")[2] for one in CONTRACTS["The core does not know CKAN"]["source_modules"]}
    inherited = {room for room in PACKAGES & held if known(room) <= held and "and left" not in ROOMS[room]}
    assert said | inherited == held


def test_the_rooms_of_the_store_are_its_packages():
    (rooms,) = (one for one in tables(PAGE) if one.columns[0] == "room of the store")
    packages = {path.name for path in (HOME / "store").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert {Path(name).name for name in rooms.words()} == packages
    assert packages <= set().union(*layers("The store's rooms"))


def test_the_parts_of_the_other_rooms_are_their_packages():
    (parts,) = (one for one in tables(PAGE) if one.columns[0] == "part of a room")
    nested = {path.parent.relative_to(HOME) for path in HOME.glob("*/*/**/*.py")}
    assert {Path(name) for name in parts.words()} == {
        path for path in nested if path.parts[0] not in {"store", "public"}
    }


@pytest.mark.parametrize("folder", sorted({path.parent for path in HOME.rglob("*.py")}))
def test_a_folder_has_no_more_modules_than_can_be_seen(folder: Path):
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MODULES


def test_what_to_add_is_written_where_there_is_something():
    """A file, a folder or a module that "To add" names is there."""
    for one in tables(PAGE):
        if one.columns[0] == "to add":
            gone = [name for name in code(" ".join(row[1] for row in one.rows)) if "/" in name and not _is_there(name)]
            assert gone == []


def _is_there(name: str) -> bool:
    return any((home / name).exists() for home in (ROOT, HOME))


def test_decisions_are_numbered_one_after_the_other():
    numbers = re.findall(r"^(\d+)\. \*\*", PAGE, re.MULTILINE)
    assert numbers == [str(one) for one in range(1, len(numbers) + 1)]
