"""The declared datasets and the departments' profiles, read once per process by the path of their file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import msgspec

from ckanext.cpdi.config.values import production
from ckanext.cpdi.declare import DeclarationError, Library, Profile, area_names, read_library, read_profile
from ckanext.cpdi.errors import Said


@cache
def schemas_folder() -> Path:
    """Return the folder of the declarations that ship with the extension."""
    return Path(str(files("ckanext.cpdi.schemas")))


def library() -> Library:
    """Return all declared datasets: those that ship, and those of ``ckanext.cpdi.declarations``.

    Raises DeclarationError for an invalid declaration.
    """
    return _cached_library(schemas_folder(), tuple(tk.config["ckanext.cpdi.declarations"]))


def profile(name: str | Path | None = None) -> Profile:
    """Return the profile called ``name``, the file at that path, or the site's own.

    Raises DeclarationError where there is none, or it is invalid.
    """
    path = profile_path(str(name or profile_name()))
    return cached_profile(path, schemas_folder(), tuple(tk.config["ckanext.cpdi.declarations"]))


def areas() -> dict[str, tuple[str, ...]]:
    """Return the names of the areas in each layer that the site's own profile declares.

    Raises DeclarationError where a file of it cannot be read.
    """
    own = profile()
    if _areas.get("profile") is not own:
        _areas.update(profile=own, names=area_names(own))
    return _areas["names"]


_areas: dict[str, Any] = {}
"""The names of the areas, and the profile that they are of."""


def profile_name() -> str:
    """Return what the settings call the site's own profile: a name, or a path."""
    return tk.config["ckanext.cpdi.profile"]


def forget_profiles() -> None:
    """Have profiles read again by this process, since a file was written anew."""
    cached_profile.cache_clear()


def shipped_profiles() -> tuple[Profile, ...]:
    """Return the profiles that ship with the extension, by name."""
    folder = Path(str(files("ckanext.cpdi.profiles")))
    return tuple(profile(path) for path in sorted(folder.glob("*.yaml")))


def profile_in(zone: str) -> Profile:
    """Return the site's own profile with the time zone ``zone`` of a table; unchanged where ``zone`` is empty."""
    own = profile()
    return msgspec.structs.replace(own, time_zone=zone) if zone not in ("", own.time_zone) else own


def profile_path(reference: str) -> Path:
    """Return the file of a profile: ``reference`` is a path, or a name that is searched in the folders of profiles.

    What a demo made of a profile (:func:`sample_profile`) takes its place by name, but never in production.
    """
    sample = sample_profile(reference)
    return sample if sample is not None and sample.is_file() else own_profile_path(reference)


def sample_profile(reference: str) -> Path | None:
    """Return where a demo writes what it makes of a profile; None for one that is named by its path, which is taken as
    it is, and where there is no demo.
    """
    private = tk.config["ckanext.cpdi.private_path"]
    if _is_path(reference) or production() or not private:
        return None
    return Path(private).absolute() / "sample" / f"{reference}.yaml"


def own_profile_path(reference: str) -> Path:
    """Return the file of a profile as the department or the extension has it, whatever a demo made of it."""
    if _is_path(reference):
        return Path(reference).absolute()
    folders = [*map(Path, tk.config["ckanext.cpdi.profiles"]), Path(str(files("ckanext.cpdi.profiles")))]
    for folder in folders:
        if (folder / f"{reference}.yaml").is_file():
            return folder / f"{reference}.yaml"
    names = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    words = Said("no profile {name}; there are {names}", name=repr(reference), names=", ".join(names))
    raise DeclarationError("ckanext.cpdi.profile", words)


def _is_path(reference: str) -> bool:
    return reference.endswith((".yaml", ".yml")) or "/" in reference


@cache
def _cached_library(schemas: Path, more: tuple[str, ...]) -> Library:
    return read_library(schemas, [Path(folder) for folder in more])


@cache
def cached_profile(path: Path, schemas: Path, more: tuple[str, ...]) -> Profile:
    """Return the profile at ``path``; ``schemas`` and ``more`` are the folders of the declared datasets."""
    datasets = _cached_library(schemas, more)
    declared = read_profile(path, datasets.classes, datasets.by_name)
    _ = area_names(declared)  # what is wrong with an area is said at the start, not to a reader
    if any(feed.options for feed in declared.datasets.values()):  # else no start should load the libraries of feeds
        from ckanext.cpdi.feeds.reader import check_options

        check_options(declared, path)
    return declared
