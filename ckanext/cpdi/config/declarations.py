"""The declared datasets and the departments' profiles, read once per process by the path of their file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import ckan.plugins.toolkit as tk
import msgspec

from ckanext.cpdi.declare import DeclarationError, Library, Profile, read_library, read_profile


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
    path = profile_path(str(name or tk.config["ckanext.cpdi.profile"]))
    return cached_profile(path, schemas_folder(), tuple(tk.config["ckanext.cpdi.declarations"]))


def shipped_profiles() -> tuple[Profile, ...]:
    """Return the profiles that ship with the extension, by name."""
    folder = Path(str(files("ckanext.cpdi.profiles")))
    return tuple(profile(path) for path in sorted(folder.glob("*.yaml")))


def profile_in(zone: str) -> Profile:
    """Return the site's own profile with the time zone ``zone`` of a table; unchanged where ``zone`` is empty."""
    own = profile()
    return msgspec.structs.replace(own, time_zone=zone) if zone not in ("", own.time_zone) else own


def profile_path(reference: str) -> Path:
    """Return the file of a profile: ``reference`` is a path, or a name that is searched in the folders of profiles."""
    if reference.endswith((".yaml", ".yml")) or "/" in reference:
        return Path(reference).absolute()
    folders = [*map(Path, tk.config["ckanext.cpdi.profiles"]), Path(str(files("ckanext.cpdi.profiles")))]
    for folder in folders:
        if (folder / f"{reference}.yaml").is_file():
            return folder / f"{reference}.yaml"
    names = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    raise DeclarationError("ckanext.cpdi.profile", f"no profile {reference!r}; there are {', '.join(names)}")


@cache
def _cached_library(schemas: Path, more: tuple[str, ...]) -> Library:
    return read_library(schemas, [Path(folder) for folder in more])


@cache
def cached_profile(path: Path, schemas: Path, more: tuple[str, ...]) -> Profile:
    """Return the profile at ``path``; ``schemas`` and ``more`` are the folders of the declared datasets."""
    datasets = _cached_library(schemas, more)
    declared = read_profile(path, datasets.classes, datasets.by_name)
    if any(feed.options for feed in declared.datasets.values()):  # else no start should load the libraries of feeds
        from ckanext.cpdi.feeds.reader import check_options

        check_options(declared, path)
    return declared
