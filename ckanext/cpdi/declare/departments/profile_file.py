"""Reads a department's profile with the files beside it, and checks it against the declared datasets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import structs

from ckanext.cpdi.declare.departments import agreement
from ckanext.cpdi.declare.departments.codelist import read_code_list
from ckanext.cpdi.declare.departments.profile import Profile
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.read import convert, read_yaml
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.privacy import Classes

_FILES = ("boundary", "teams", "categories_file")
_FILES_BY_NAME = ("areas", "code_lists")


def located(path: Path) -> dict[str, Any]:
    """Return what the profile at ``path`` says, its files by their whole paths, so that it can be written elsewhere.

    Raises DeclarationError where it cannot be read.
    """
    document: dict[str, Any] = read_yaml(path)
    named = {key: str(path.parent / document[key]) for key in _FILES if document.get(key)}
    listed = {
        key: {name: str(path.parent / file) for name, file in document[key].items()}
        for key in _FILES_BY_NAME
        if key in document
    }
    return document | named | listed


def read_profile(path: Path, defaults: Classes, datasets: Mapping[str, Dataset] | None = None) -> Profile:
    """Read a profile with its code lists; its classes are the ``defaults``, each replaced where the profile has one.

    ``datasets`` are the declared ones; with None the profile is not checked against them. Raises DeclarationError where
    a file is missing, a value does not fit, or a name is not declared.
    """
    raw = convert(read_yaml(path), Profile, path)
    folder = path.parent
    own = {item.name: item for item in raw.classes}
    for name in own.keys() - defaults.bits.keys():
        raise DeclarationError(path, f"classes: no such class: {unknown(name, defaults.bits)}")
    categories = dict(raw.categories)
    if raw.categories_file:
        extra = folder / raw.categories_file
        categories |= convert(read_yaml(extra), dict[str, Text], extra)
    lists = {name: read_code_list(name, folder / file) for name, file in raw.code_lists.items()}
    profile = structs.replace(
        raw,
        folder=str(folder),
        classes=tuple(own.get(item.name, item) for item in defaults.all),
        categories=categories,
        lists=lists,
    )
    try:
        profile.zone  # noqa: B018  a ZoneInfo that cannot be made raises
    except (KeyError, ValueError, OSError) as error:
        raise DeclarationError(path, f"time_zone {profile.time_zone!r} is not known") from error
    agreement.check_names(profile, path)
    if datasets is not None:
        agreement.check_datasets(profile, datasets, path)
    return profile
