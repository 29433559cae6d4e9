"""One way to extend: what a folder holds and what others add, and how what does not fit is refused."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import polars as pl
import pytest
from msgspec import structs

from ckanext.cpdi import registry
from ckanext.cpdi.declare import Text, read_library, read_profile
from ckanext.cpdi.feeds.protocol import Protocol
from ckanext.cpdi.feeds.protocols import protocols
from ckanext.cpdi.feeds.readers import readers
from ckanext.cpdi.pipeline.check import Check
from ckanext.cpdi.pipeline.checks import checks
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.recipe import recipe
from ckanext.cpdi.publish.site import Licence, Site
from ckanext.cpdi.registry import ExtensionError, Registry
from ckanext.cpdi.rows import derive as derive_room
from ckanext.cpdi.rows.batch import begin
from ckanext.cpdi.rows.derive import groups
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.version import rules_version

WHOLE = """
from ckanext.cpdi.pipeline.check import Check

class {cls}(Check):
    name = "{name}"
    {order}
    def look(self, night):
        yield from ()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Iterator[object]:
    """Makes a package of modules with these texts, and a registry of checks over it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(**modules: str) -> Registry[Check]:
        package = tmp_path / "room_of_a_test"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text("")
        for name, text in modules.items():
            (package / f"{name}.py").write_text(text)
        importlib.invalidate_caches()
        return Registry("checks", Check, "room_of_a_test")

    yield make
    for name in [one for one in sys.modules if one.startswith("room_of_a_test")]:
        del sys.modules[name]


@pytest.fixture
def others() -> Iterator[object]:
    """What other extensions add, for this test."""

    def add(**kinds: list[object]) -> None:
        registry.ask(lambda kind: kinds.get(kind, ()))

    yield add
    registry.ask(lambda _kind: ())


def test_a_module_of_the_folder_is_all_that_a_member_needs(folder):
    checks = folder(
        late=WHOLE.format(cls="Late", name="late", order="order = 60"),
        any_other=WHOLE.format(cls="Other", name="other", order=""),
        early=WHOLE.format(cls="Early", name="early", order="order = 2"),
        helper="from room_of_a_test.late import Late\nNUMBER = 7\n",
    )
    assert list(checks) == ["early", "other", "late"]
    assert type(checks["late"]).__name__ == "Late"
    assert "helper" not in checks


@pytest.mark.parametrize(
    ("modules", "sentence"),
    [
        (
            {"a": WHOLE.format(cls="A", name="same", order=""), "b": WHOLE.format(cls="B", name="same", order="")},
            "room_of_a_test/b.py: B is called 'same' among the checks, as is room_of_a_test/a.py: A",
        ),
        (
            {"half": WHOLE.format(cls="Half", name="half", order="").replace("look", "loook")},
            "room_of_a_test/half.py: Half is no whole Check: it lacks look",
        ),
        (
            {"nameless": WHOLE.format(cls="Nameless", name="x", order="").replace("name =", "nane =")},
            "room_of_a_test/nameless.py: Nameless is no whole Check: it lacks name",
        ),
    ],
)
def test_what_does_not_fit_is_one_sentence_that_names_file_and_name(folder, modules, sentence):
    with pytest.raises(ExtensionError) as error:
        list(folder(**modules))
    assert str(error.value) == sentence


class Quarter(Derived):
    name = "quarter"
    columns = ("number",)
    version = "1"

    def derive(self, plan, batch):
        return {"number": batch.columns[plan.table.time].dt.quarter()}


class Sun(Quarter):
    name = "sun"


class Tabs(Format):
    extension = "tsv"
    title = Text("Tabs", "Tabuladores")
    media_type = "text/tab-separated-values"

    def write(self, extract, path):
        path.write_text("")


class Everything(Protocol):
    name = "web"
    example = "anything"

    def takes(self, location):
        return True

    def check(self, location):
        return None

    def fetch(self, location, settings, known):
        raise NotImplementedError


def test_what_others_add_is_there_and_goes_with_them(others):
    before, version = list(groups()), groups().code_of_others()
    others(derived=[Quarter])
    assert set(groups()) == {*before, "quarter"}
    assert version == ""
    assert len(groups().code_of_others()) == 64
    others()
    assert list(groups()) == before


@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        ({"derived": [Sun]}, "test_registry.py: Sun is called 'sun', a name that the derived keep for themselves"),
        ({"derived": [Everything]}, "test_registry.py: Everything, added to the derived, is no Derived"),
        ({"derived": ["quarter"]}, "'quarter', added to the derived, is no Derived"),
    ],
)
def test_others_are_held_to_the_same(others, kinds, sentence):
    others(**kinds)
    with pytest.raises(ExtensionError, match=f"{sentence}$"):
        list(groups())


def test_others_take_no_name_of_ours(others):
    others(protocols=[Everything])
    sentence = "Everything is called 'web' among the protocols, as is ckanext/cpdi/feeds/protocols/http.py: Web$"
    with pytest.raises(ExtensionError, match=sentence):
        protocols()["web"]


@pytest.mark.parametrize("kinds", [readers, protocols, groups, checks, formats], ids=lambda kinds: kinds.__name__)
def test_what_ships_is_whole_and_in_its_order(kinds):
    orders = [(member.order, name) for name, member in kinds().items()]
    assert len(orders) > 1
    assert orders == sorted(orders)
    assert kinds().others() == []


def test_what_takes_anything_is_asked_last():
    assert list(readers())[-2:] == ["json", "csv"]
    assert list(protocols())[-1] == "web"


def test_a_group_of_another_extension_is_a_rule_with_its_version(others, root, monkeypatch):
    library = read_library(root / "schemas")
    profile = read_profile(root / "profiles/charleston.yaml", library.classes)
    calls = library.datasets["calls-for-service"]
    table = calls.rows
    field = structs.replace(table.fields[-1], name="quarter", source="quarter.number", shapefile="QUARTER", headers=())
    with_quarter = structs.replace(calls, table=structs.replace(table, fields=(*table.fields, field)))
    others(derived=[Quarter])
    plain, first = rules_version(calls, profile), rules_version(with_quarter, profile)
    monkeypatch.setattr(Quarter, "version", "2")
    assert rules_version(with_quarter, profile) != first
    assert rules_version(calls, profile) == plain


def test_a_format_of_another_extension_shapes_files(others, root):
    library = read_library(root / "schemas")
    profile = read_profile(root / "profiles/charleston.yaml", library.classes)
    given = (
        library.datasets["calls-for-service"],
        profile,
        Site("http://portal.example", "Police Data", Licence("cc-by", "CC-BY", "http://example/")),
    )
    before = recipe(*given)
    others(formats=[Tabs])
    assert recipe(*given) != before
    others()
    assert recipe(*given) == before


@pytest.mark.parametrize(
    "columns", [{}, {"number": pl.Series([1])}, {"number": pl.Series([1, 2]), "other": pl.Series([1, 2])}]
)
def test_a_group_gives_each_column_that_it_declares_for_each_row(monkeypatch, columns):
    monkeypatch.setattr(Quarter, "derive", lambda *_: columns)
    monkeypatch.setattr(derive_room, "_GROUPS", {"quarter": Quarter()})
    with pytest.raises(ExtensionError, match="'quarter' are to be number with 2 rows"):
        derive_room.derive("quarter", None, begin(pl.Series([1, 2])))
