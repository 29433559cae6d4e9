"""Checks that every name in a department's profile is declared; a misspelt one would load and change nothing."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from pathlib import Path

from ckanext.cpdi.declare.departments.profile import Feed, Profile
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import nearest, unknown
from ckanext.cpdi.declare.reading.spelling import spelling
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.figure_rules import check_figures
from ckanext.cpdi.declare.tables.table import Table

YES = ("true", "t", "yes", "y", "1")
NO = ("false", "f", "no", "n", "0")
"""Spellings of a boolean value, in lower case."""


def check_names(profile: Profile, path: Path) -> None:
    """Raise DeclarationError where a code list, a category or a class that the profile names is not declared."""
    classes = [privacy_class.name for privacy_class in profile.classes]
    for codes in profile.lists.values():
        for code in codes.codes:
            place = f"{codes.name}, {code.value!r}"
            _check_declared(path, f"{place}, class", code.privacy, classes)
            _check_declared(path, f"{place}, category", code.category, profile.categories)
    for name, feed in profile.datasets.items():
        at = f"datasets.{name}"
        for column, codes in feed.codes.items():
            _check_declared(path, f"{at}.codes.{column}.list", codes.list, profile.lists)
        if feed.default_class:
            _check_declared(path, f"{at}.default_class", feed.default_class, classes)
        for flag in feed.flags:
            for value, class_name in flag.values.items():
                # An empty class waits for somebody's judgement.
                _check_declared(path, f"{at}.flags.{flag.header}.values.{value}", class_name or classes[-1], classes)
        _check_feed(feed, path, at)


def check_datasets(profile: Profile, datasets: Mapping[str, Dataset], path: Path) -> None:
    """Raise DeclarationError where the profile names a dataset, or a column of one, that is not declared."""
    tables = {name: dataset.table for name, dataset in datasets.items() if dataset.table}
    for name, feed in profile.datasets.items():
        if name not in tables:
            raise DeclarationError(path, f"datasets: {unknown(name, tables)}")
        _check_columns(profile, feed, tables[name], path, f"datasets.{name}")
    series = [name for name, dataset in datasets.items() if not dataset.table]
    for name in profile.reports:
        _check_declared(path, "reports", name, series)
    for name in profile.report_rules:
        _check_declared(path, "report_rules", name, series)
    for name, figures in profile.figures.items():
        _check_declared(path, "figures", name, series)
        check_figures(figures, datasets, path, f"figures.{name}")
    for redirect in profile.redirects:
        if redirect.dataset not in datasets:
            raise DeclarationError(path, f"redirects.{redirect.path}: dataset: {unknown(redirect.dataset, tables)}")


def _check_columns(profile: Profile, feed: Feed, table: Table, path: Path, at: str) -> None:
    """Raise DeclarationError for a key that names no column of the feed, or a value that its column cannot have."""
    read = {column.name: column.type for column in table.read}
    for part, names in (("headers", feed.headers), ("columns", feed.columns), ("values", feed.values)):
        for name in names:
            _check_declared(path, f"{at}.{part}", name, read)
    for name in feed.titles:
        _check_declared(path, f"{at}.titles", name, [field.name for field in table.fields])
    texts = [field.name for field in table.fields if field.headers and field.type == "string"]
    for name in feed.patterns:
        _check_declared(path, f"{at}.patterns", name, texts)
    coded = [name for name, kind in read.items() if kind in ("code", "codes")]
    for name in feed.codes:
        if name in read and name not in coded:
            raise DeclarationError(path, f"{at}.codes: {name} is no column of codes; there are {', '.join(coded)}")
        _check_declared(path, f"{at}.codes", name, coded)
    _check_booleans(feed, read, path, at)
    _check_instants(feed, read, path, at)
    _check_key(feed, table, path, at)
    _check_needs(feed, table, path, at)
    _check_collapse(feed, read, path, at)
    _check_sources(profile, feed, table, path)


def _check_booleans(feed: Feed, read: Mapping[str, str], path: Path, at: str) -> None:
    """Raise DeclarationError where a profile translates a value of a boolean column to neither yes nor no."""
    for name, values in feed.values.items():
        for value, ours in values.items():
            if read[name] == "boolean" and ours.lower() not in ("", *YES, *NO):
                raise DeclarationError(path, f"{at}.values.{name}.{value}: {ours!r} is neither yes nor no")


def _check_instants(feed: Feed, read: Mapping[str, str], path: Path, at: str) -> None:
    """Raise DeclarationError where a profile says how the days or times of a column are written that has none."""
    instants = [name for name, kind in read.items() if kind == "datetime"]
    for part, names in (("dates", feed.times.dates), ("clocks", feed.times.clocks)):
        for name in names:
            _check_declared(path, f"{at}.times.{part}", name, instants)


def _check_key(feed: Feed, table: Table, path: Path, at: str) -> None:
    """Raise DeclarationError where a profile names both a column of record numbers and several that identify a row."""
    words = {"headers": feed.headers, "columns": feed.columns, "values": feed.values, "patterns": feed.patterns}
    for part, names in words.items():
        if feed.key.columns and table.key in names:
            raise DeclarationError(path, f"{at}.key.columns: the number stands under {part}.{table.key} as well")


def _check_needs(feed: Feed, table: Table, path: Path, at: str) -> None:
    """Raise DeclarationError where a profile does without what no table can do without, or what is not required."""
    always = (table.key, table.time)
    needs = [requirement.needs for requirement in table.requires]
    needs += [column.name for column in table.read if column.required and column.name not in always]
    for name in feed.optional:
        _check_declared(path, f"{at}.optional", name, dict.fromkeys(needs))
    for name, headers in feed.headers.items():
        if not headers and name in (*always, *feed.codes):
            raise DeclarationError(path, f"{at}.headers.{name}: every feed needs it; name its header")
        if name in feed.columns:
            raise DeclarationError(path, f"{at}.columns: {name} stands under headers as well; it is one of the two")


_COLLAPSIBLE = {
    "any": ("boolean",),
    "latest": ("datetime", "integer", "number"),
    "list": ("string", "code", "codes"),
    "strictest": ("code", "codes"),
}
"""Types of columns that a rule can be asked of; the first of a column is asked of any."""


def _check_collapse(feed: Feed, read: Mapping[str, str], path: Path, at: str) -> None:
    """Raise DeclarationError for a rule of a column that is none, or that its values cannot follow."""
    for name, rule in feed.collapse.columns.items():
        _check_declared(path, f"{at}.collapse.columns", name, read)
        kinds = _COLLAPSIBLE.get(rule, (read[name],))
        if read[name] not in kinds:
            kind = f"{name} is of type {read[name]}"
            raise DeclarationError(path, f"{at}.collapse.columns.{name}: {rule} is for {', '.join(kinds)}; {kind}")


def _check_sources(profile: Profile, feed: Feed, table: Table, path: Path) -> None:
    """Raise DeclarationError where the ``call_source`` of a code is no source of calls that the dataset declares."""
    sources = next((field.constraints.enum for field in table.fields if field.source == "source.value"), None)
    for codes in feed.codes.values() if sources else ():
        for code in profile.lists[codes.list].codes:
            if code.call_source:
                _check_declared(path, f"{codes.list}, {code.value!r}: call_source", code.call_source, sources or ())


def _check_feed(feed: Feed, path: Path, at: str) -> None:
    """Raise DeclarationError where two keys of a feed contradict each other, or a value is impossible."""
    ignored = set(map(spelling, feed.ignored))
    for part, names in feed.named_headers.items():
        for name in names:
            if spelling(name) in ignored:
                raise DeclarationError(path, f"{at}.ignored: {name} stands under {part} as well")
    if len(feed.delimiter) != 1 or not feed.delimiter.isascii() or feed.delimiter in '"\r\n':
        raise DeclarationError(path, f"{at}.delimiter: it is one character, such as a comma")
    try:
        codecs.lookup(feed.encoding or "utf-8")
    except LookupError:
        raise DeclarationError(path, f"{at}.encoding: {feed.encoding} is no encoding that is known") from None


def _check_declared(path: Path, place: str, name: str, declared: Iterable[str]) -> None:
    """Raise DeclarationError where ``name`` is not ``declared``; the message has the nearest name that is."""
    names = list(declared)
    if name not in names:
        near = nearest(name, names)
        hint = f"; did you mean {near}? There are " if near else "; there are "
        raise DeclarationError(path, f"{place}: {name!r} is not declared{hint}{', '.join(names) or 'none'}")
