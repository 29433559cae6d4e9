"""The way of a file from ``ckan cpdi load`` to the table is the one that docs/architecture.md draws."""

from __future__ import annotations

import sys
import threading
from types import FrameType

import pytest
from click.testing import CliRunner
from helpers.documents import ROOT, code, page, sections
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi.cli import cpdi

PACKAGE = f"{ROOT}/ckanext/cpdi/"
STEPS = [
    code(line)[0] for line in dict(sections(page("docs/architecture.md")))["The way of a file"] if line[:1].isdigit()
]
MOST_STEPS, MOST_MODULES = 15, 13
"""A step more makes the way longer for everybody who reads it: find one that only hands on."""


class Trace:
    """The first call of each function of the project, by thread, with the project's function that called it."""

    def __init__(self) -> None:
        self.called: dict[str, list[str]] = {}
        self.caller: dict[str, str] = {}
        self.modules: dict[str, str] = {}

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        name = name_of(frame) if event == "call" else ""
        if name and name not in self.caller:
            self.modules[name] = frame.f_code.co_filename
            self.called.setdefault(threading.current_thread().name, []).append(name)
            back = frame.f_back
            while back is not None and name_of(back) in ("", name):
                back = back.f_back
            self.caller[name] = name_of(back) if back is not None else ""

    def __enter__(self) -> Trace:
        threading.setprofile(self)
        sys.setprofile(self)
        return self

    def __exit__(self, *_raised: object) -> None:
        sys.setprofile(None)
        threading.setprofile(None)


def name_of(frame: FrameType) -> str:
    """Return module and function, empty for what is not ours; what is defined within a function counts as it."""
    file = frame.f_code.co_filename
    if not file.startswith(PACKAGE):
        return ""
    module = file.removeprefix(PACKAGE).removesuffix(".py").replace("/", ".")
    return f"{module}.{frame.f_code.co_qualname.partition('.<locals>')[0]}"


@pytest.fixture
def trace(portal, tmp_path):
    """A night, with places from the night before."""
    for numbers in (range(1, 40), range(5, 60)):
        path = write_calls(tmp_path / "calls.csv", numbers)
        with Trace() as trace:
            done = CliRunner().invoke(cpdi, ["load", DATASET, str(path)])
        assert done.exit_code == 0, done.output
    return trace


def test_a_file_goes_the_way_that_is_drawn(trace):
    assert STEPS
    for called in trace.called.values():
        passed = [name for name in called if name in STEPS]
        assert passed == [name for name in STEPS if name in passed]
    assert set(STEPS) <= set(trace.caller)


def test_nothing_that_is_not_drawn_stands_between_two_steps(trace):
    first, *others = STEPS
    between = {name: trace.caller[name] for name in others if trace.caller[name] not in ("", *STEPS)}
    assert between == {}, f"from {first} on: shorten the way, or name these in docs/architecture.md"


def test_the_way_does_not_grow_again(trace):
    assert len(STEPS) <= MOST_STEPS
    assert len({trace.modules[name] for name in STEPS}) <= MOST_MODULES
