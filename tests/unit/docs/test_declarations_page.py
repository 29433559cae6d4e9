"""docs/declarations.md names every key of a declaration, with its type and default; its examples load."""

from __future__ import annotations

import msgspec
import pytest
import yaml
from helpers.documents import ROOT, Table, code, examples, keys, page, paths, sections, structs, table, tables
from msgspec import inspect
from msgspec.structs import fields

from ckanext.cpdi.declare import CheckLimits, Code, Dataset, Feed, PrivacyClass, Profile, Text, read_library
from ckanext.cpdi.declare.tables.field import Mask
from ckanext.cpdi.rows import derive
from ckanext.cpdi.rows.values.codes import SCHEMA

PAGE = page("docs/declarations.md")
TOP, EXAMPLE, FIELDS = "Keys of the file", "A complete example", "`table.fields`"
STRUCTS = {
    f"`{place}`" if place else TOP: kind
    for place, kind in [*structs(inspect.type_info(Dataset)), *structs(inspect.type_info(PrivacyClass), "classes")]
    if not place.startswith("tables.table")  # a table like the first one
}
SECTIONS = dict(sections(PAGE))


def keys_of(heading: str) -> Table:
    return table(PAGE, heading, "key")


def test_every_mapping_has_a_section_and_no_section_is_of_none():
    assert {one.heading for one in tables(PAGE) if one.columns[0] == "key"} == set(STRUCTS)


@pytest.mark.parametrize("heading", STRUCTS)
def test_its_keys_are_those_that_the_code_takes(heading):
    words = keys_of(heading).words()
    assert sorted(words) == sorted(one.encode_name for one in keys(STRUCTS[heading]))


@pytest.mark.parametrize("heading", STRUCTS)
def test_types_and_defaults_are_those_of_the_code(heading):
    said = {code(row[0])[0]: row[1:3] for row in keys_of(heading).rows}
    assert said == {one.encode_name: [type_of(one.type), default_of(one)] for one in keys(STRUCTS[heading])}


@pytest.mark.parametrize("heading", STRUCTS)
def test_every_word_that_a_key_may_have_is_named(heading):
    said = {code(row[0])[0]: row[3] for row in keys_of(heading).rows}
    for one in keys(STRUCTS[heading]):
        if isinstance(one.type, inspect.LiteralType):
            assert set(filter(None, one.type.values)) <= set(code(said[one.encode_name])), one.encode_name


@pytest.mark.parametrize("heading", STRUCTS)
def test_an_example_of_every_key_is_taken(heading):
    (text,) = examples(SECTIONS[heading], "yaml")
    shown = yaml.safe_load(text)
    parts = shown if isinstance(shown, list) else [shown]
    for part in parts:
        msgspec.convert(part, STRUCTS[heading].cls)
    assert {key for part in parts for key in part} == {one.encode_name for one in keys(STRUCTS[heading])}


def test_the_complete_example_loads_and_its_rows_can_be_made(tmp_path):
    (text,) = examples(SECTIONS[EXAMPLE], "yaml")
    (tmp_path / "parking-tickets.yaml").write_text(text, encoding="utf-8")
    dataset = read_library(ROOT / "schemas", [tmp_path]).dataset("parking-tickets")
    made = {f"{group}.{name}" for group, names in derive.columns().items() for name in names}
    assert {one.source for one in dataset.rows.fields if one.source} <= made


def test_every_mask_is_explained():
    assert table(PAGE, FIELDS, "`cpdi:mask`").words() == [one for one in Mask.__args__ if one]


def test_every_derived_column_is_explained():
    made = [f"{group}.{name}" for group, names in derive.columns().items() for name in names]
    said = set(table(PAGE, FIELDS, "`cpdi:from`").words())
    lacking = [f"docs/declarations.md, `table.fields`: add a line for `{name}`" for name in made if name not in said]
    assert said == set(made), lacking
    assert set(table(PAGE, FIELDS, "of a code").words()) == set(SCHEMA)


def test_inputs_that_derived_columns_are_made_of_are_named():
    told = set(code("\n".join(line for line in SECTIONS["`table.inputs`"] if "```" not in line)))
    assert {one for group in derive.columns() for one in derive.inputs(group)} <= told


def test_the_page_of_profiles_names_every_key_of_a_profile_and_no_other():
    text = page("docs/profiles.md")
    feed = {f"datasets.{key}" for key in paths(inspect.type_info(Feed))}
    profile = named(table(text, "A department's profile", "key"))
    assert profile == paths(inspect.type_info(Profile)) - feed
    assert named(table(text, "How a feed is written", "key")) == paths(inspect.type_info(Feed))
    assert named(table(text, "Code lists")) == {one.encode_name for one in fields(Code)}


def test_the_page_of_profiles_says_when_a_run_is_held():
    rows = table(page("docs/profiles.md"), "When a run is held").rows
    assert {code(row[0])[0]: float(row[1]) for row in rows} == {one.name: one.default for one in fields(CheckLimits)}


def named(rows: Table) -> set[str]:
    words = rows.words()
    assert len(words) == len(set(words))
    return set(words)


def type_of(kind: inspect.Type) -> str:
    """Return what the page calls a type."""
    match kind:
        case inspect.StructType():
            return "texts" if kind.cls is Text else "mapping"
        case inspect.VarTupleType():
            return f"list of {type_of(kind.item_type)}"
        case inspect.UnionType():
            return " or ".join(type_of(one) for one in kind.types if not isinstance(one, inspect.NoneType))
        case _:
            return NAMES[type(kind)]


NAMES = {
    inspect.StrType: "text",
    inspect.IntType: "whole number",
    inspect.FloatType: "number",
    inspect.BoolType: "boolean",
    inspect.LiteralType: "one of",
    inspect.DictType: "mapping",
}


def default_of(key: inspect.Field) -> str:
    """Return what the page says of a key's default."""
    if key.required:
        return "needed"
    match key.default:
        case None:
            return "none"
        case bool():
            return f"`{str(key.default).lower()}`"
        case Text():
            return f"`{key.default.en}`"
        case "" | ():
            return "empty"
        case str():
            return f"`{key.default}`"
        case int() if key.default:
            return f"`{key.default}`"
        case _:
            return "empty"
