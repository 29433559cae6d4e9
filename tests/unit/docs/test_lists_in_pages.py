"""Lists in documents are those of the code: formats, readers, protocols, reasons, flags, commands, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import click
from helpers.documents import ROOT, code, differences, page, table, tables
from msgspec.structs import fields

from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.declare import read_library
from ckanext.cpdi.feeds import errors
from ckanext.cpdi.feeds.protocols import protocols
from ckanext.cpdi.feeds.readers import readers
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.reports import REASONS as PDF_REASONS
from ckanext.cpdi.site.runs import reasons, report_reasons

HOME = ROOT / "ckanext" / "cpdi"
REASONS, OPERATIONS = page("docs/reasons.md"), page("docs/operations.md")
FEEDS = "Feeds: where they may lie, and credentials"


def trees(*rooms: str) -> Iterator[ast.AST]:
    for room in rooms:
        for path in (HOME / room).rglob("*.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def given(name: str, position: int, *rooms: str) -> set[str]:
    """Return the texts that calls of ``name`` give at ``position``."""
    return {
        node.args[position].value
        for tree in trees(*rooms)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name
        if len(node.args) > position and isinstance(node.args[position], ast.Constant)
    }


def written(*rooms: str) -> set[str]:
    """Return every text in the code of ``rooms``, and every word in quotation marks of their SQL."""
    texts = {node.value for tree in trees(*rooms) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    sql = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in Path(HOME / room).rglob("*.sql"))
    return {one for one in texts if isinstance(one, str)} | set(re.findall(r"'(\w+)'", sql))


def held(*given: Any, **more: Any) -> None:
    """Fail with the lines that a table of a document lacks."""
    said = differences(*given, **more)
    assert not said, said


def test_formats():
    wanted = [(f"`{name}`", one.title.en, f"`{one.media_type}`") for name, one in formats().items()]
    held("docs/downloads.md", "Files", "`{ext}`", wanted, ordered=True)


def test_the_setting_of_formats_names_them_all():
    names = ", ".join(formats())
    assert f"whitespace: {names}." in page("docs/settings.md"), f"ckanext.cpdi.formats: its description lists {names}"


def test_readers():
    held("docs/operations.md", FEEDS, "reader", [(f"`{name}`",) for name in readers()])


def test_options_of_readers():
    said = [row for one in tables(page("docs/profiles.md")) if one.heading == "Options of readers" for row in one.rows]
    named = {(code(row[0])[0], code(row[1])[0]) for row in said}
    wanted = {(name, one.name) for name, kind in readers().items() for one in fields(kind.options)}
    lines = [f"add the line  | `{name}` | `{option}` | …" for name, option in wanted - named]
    assert named == wanted, f"docs/profiles.md, the table under 'Options of readers': {lines}"


def test_protocols():
    held("docs/operations.md", FEEDS, "a harvest source says", [(f"`{one.example}`",) for one in protocols().values()])


def test_reasons_have_their_words_in_both_languages():
    for heading, declared in (
        ("Withheld", reasons.WITHHELD),
        ("Quarantined", reasons.QUARANTINED),
        ("Reports withheld", report_reasons.WITHHELD),
        ("Files that are no reports", report_reasons.QUARANTINED),
    ):
        first = table(REASONS, heading).columns[0]
        held("docs/reasons.md", heading, first, [(f"`{name}`", text.en, text.es) for name, text in declared.items()])
        assert all(text.es and text.en != text.es for text in declared.values())


def test_reasons_that_rows_get_are_those_that_have_words():
    assert given("quarantine", 1, "rows", "feeds") <= set(reasons.QUARANTINED)
    assert given("withhold", 1, "rows") <= set(reasons.WITHHELD)
    assert set(reasons.QUARANTINED) | set(reasons.WITHHELD) <= written("rows", "feeds", "pipeline", "store")


def test_reasons_of_reports_are_those_that_have_words():
    refused = {f"pdf_{name}" for name in PDF_REASONS}
    own = {name for name in report_reasons.QUARANTINED if not name.startswith("pdf_")}
    assert set(report_reasons.QUARANTINED) - own == refused
    assert own | set(report_reasons.WITHHELD) <= written("pipeline")
    given_ = {text for text in written("pipeline/reports") if re.fullmatch(r"report_\w+", text)}
    assert given_ == own | set(report_reasons.WITHHELD)


def test_reasons_that_tables_declare_have_words_of_their_own():
    own = {one.reason for dataset in read_library(ROOT / "schemas").tables for one in dataset.rows.requires}
    assert not own & (set(reasons.WITHHELD) | set(reasons.QUARANTINED))


def test_flags():
    said = set(table(REASONS, "Flags").words())
    given_ = given("flag", 1, "rows") | given("unread", 2, "rows") | given("_empty", 2, "rows")
    assert given_ <= said
    assert said <= written("rows")


def test_codes_of_feeds():
    held("docs/reasons.md", "Feeds", "code", [(f"`{name}`",) for name in get_args(errors.Code)])
    assert set(get_args(errors.Code)) == given("FeedError", 0, "feeds")


def test_commands_with_their_arguments_and_options():
    (listed, _) = (one for one in tables(OPERATIONS) if one.heading == "Commands")
    said = {words[2]: words[3:] for row in listed.rows for words in [code(row[0])[0].split()]}
    assert set(said) == set(cpdi.commands)
    for name, command in cpdi.commands.items():
        arguments = [one.name.upper() for one in command.params if one.param_type_name == "argument" and one.required]
        named = [word for word in said[name] if word.isupper() and not word.startswith("[")]
        assert named[: len(arguments)] == arguments, name


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its name, those of a group as ``group command``."""
    for name, command in cpdi.commands.items():
        yield name, command
        for part, inner in command.commands.items() if isinstance(command, click.Group) else ():
            yield f"{name} {part}", inner


def test_options_that_pages_name_are_options():
    options = {flag for _, command in every_command() for one in command.params for flag in one.opts}
    for name in ("operations", "profiles", "declarations", "changes", "downloads"):
        for shown in re.findall(r"ckan cpdi [^`\n]*", page(f"docs/{name}.md")):
            assert set(re.findall(r"(?<!\S)\[?(--[a-z][a-z-]*)", shown)) <= options, shown


def test_every_option_is_named_where_the_command_helps():
    assert [
        f"{name} {one.opts[0]}"
        for name, command in every_command()
        for one in command.params
        if one.param_type_name == "option" and not one.help
    ] == []


def test_settings():
    declared = re.findall(r"key: (ckanext\.cpdi\.[\w.]+)", page("ckanext/cpdi/config_declaration.yaml"))
    headings = re.findall(r"^## (ckanext\.cpdi\.[\w.]+)", page("docs/settings.md"), re.MULTILINE)
    assert headings == declared
