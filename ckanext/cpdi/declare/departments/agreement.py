"""Checks that every name in a department's profile is declared; a misspelt one would load and change nothing."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from pathlib import Path

from ckanext.cpdi.declare.departments.profile import Feed, Profile
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import nearest, unknown
from ckanext.cpdi.declare.tables.dataset import Dataset
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
                _check_declared(path, f"{at}.flags.{flag.header}.values.{value}", class_name, classes)
        _check_feed(feed, path, at)


def check_datasets(profile: Profile, datasets: Mapping[str, Dataset], path: Path) -> None:
    """Raise DeclarationError where the profile names a dataset, or a column of one, that is not declared."""
    tables = {name: dataset.table for name, dataset in datasets.items() if dataset.table}
    for name, feed in profile.datasets.items():
        if name not in tables:
            raise DeclarationError(path, f"datasets: {unknown(name, tables)}")
        _check_columns(profile, feed, tables[name], path, f"datasets.{name}")
    for redirect in profile.redirects:
        if redirect.dataset not in datasets:
            raise DeclarationError(path, f"redirects.{redirect.path}: dataset: {unknown(redirect.dataset, tables)}")


def _check_columns(profile: Profile, feed: Feed, table: Table, path: Path, at: str) -> None:
    """Raise DeclarationError for a key that names no column of the feed, or a value that its column cannot have."""
    read = {column.name: column.type for column in table.read}
    for part, names in (("headers", feed.headers), ("values", feed.values)):
        for name in names:
            _check_declared(path, f"{at}.{part}", name, read)
    texts = [field.name for field in table.fields if field.headers and field.type == "string"]
    for name in feed.patterns:
        _check_declared(path, f"{at}.patterns", name, texts)
    coded = [name for name, kind in read.items() if kind in ("code", "codes")]
    for name in feed.codes:
        if name in read and name not in coded:
            raise DeclarationError(path, f"{at}.codes: {name} is no column of codes; there are {', '.join(coded)}")
        _check_declared(path, f"{at}.codes", name, coded)
    _check_booleans(feed, read, path, at)
    _check_sources(profile, feed, table, path)


def _check_booleans(feed: Feed, read: Mapping[str, str], path: Path, at: str) -> None:
    """Raise DeclarationError where a profile translates a value of a boolean column to neither yes nor no."""
    for name, values in feed.values.items():
        for value, ours in values.items():
            if read[name] == "boolean" and ours.lower() not in (*YES, *NO):
                raise DeclarationError(path, f"{at}.values.{name}.{value}: {ours!r} is neither yes nor no")


def _check_sources(profile: Profile, feed: Feed, table: Table, path: Path) -> None:
    """Raise DeclarationError where the ``call_source`` of a code is no source of calls that the dataset declares."""
    sources = next((field.constraints.enum for field in table.fields if field.source == "source.value"), None)
    for codes in feed.codes.values() if sources else ():
        for code in profile.lists[codes.list].codes:
            if code.call_source:
                _check_declared(path, f"{codes.list}, {code.value!r}: call_source", code.call_source, sources or ())


def _check_feed(feed: Feed, path: Path, at: str) -> None:
    """Raise DeclarationError where two keys of a feed contradict each other, or a value is impossible."""
    ignored = {_spelling(header): header for header in feed.ignored}
    for column, names in feed.headers.items():
        for name in names:
            if _spelling(name) in ignored:
                raise DeclarationError(path, f"{at}.ignored: {name} stands under headers.{column} as well")
    for flag in feed.flags:
        if _spelling(flag.header) in ignored:
            raise DeclarationError(path, f"{at}.ignored: {flag.header} stands under flags as well")
    if len(feed.delimiter) != 1 or not feed.delimiter.isascii() or feed.delimiter in '"\r\n':
        raise DeclarationError(path, f"{at}.delimiter: it is one character, such as a comma")
    try:
        codecs.lookup(feed.encoding or "utf-8")
    except LookupError:
        raise DeclarationError(path, f"{at}.encoding: {feed.encoding} is no encoding that is known") from None


def _spelling(header: str) -> str:
    return "".join(header.split()).replace("_", "").casefold()


def _check_declared(path: Path, place: str, name: str, declared: Iterable[str]) -> None:
    """Raise DeclarationError where ``name`` is not ``declared``; the message has the nearest name that is."""
    names = list(declared)
    if name not in names:
        near = nearest(name, names)
        hint = f"; did you mean {near}? There are " if near else "; there are "
        raise DeclarationError(path, f"{place}: {name!r} is not declared{hint}{', '.join(names) or 'none'}")
