"""The folders that the settings name; each is created where it is missing."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.cpdi.config.errors import SettingError


def files_path() -> Path:
    """Return the folder of the published files."""
    return _folder("ckanext.cpdi.files_path")


def private_path() -> Path:
    """Return the folder of spooled feeds, places files and the deny list; only its owner may enter it."""
    return _folder("ckanext.cpdi.private_path", mode=0o700)


def spool_path() -> Path:
    """Return the folder of feeds that are being read."""
    return _created(private_path() / "spool", mode=0o700)


def chosen_path() -> Path:
    """Return the folder of files of chosen rows, each of which goes when it was sent; web processes write it."""
    return _created(files_path() / "_chosen", mode=0o700)


def places_path(profile_name: str) -> Path:
    """Return the path of a department's places file, which need not exist."""
    return _created(private_path() / "places", mode=0o700) / f"{profile_name}.zip"


def figures_path(series: str) -> Path:
    """Return the folder of what is read of the tables in the reports of ``series``; it need not exist."""
    return private_path() / "figures" / series


def faults_path(series: str) -> Path:
    """Return the path of the faults of printed figures in the reports of ``series``, which need not exist."""
    return figures_path(series) / "faults.json"


def drop_path() -> Path | None:
    """Return the drop folder; None where the site has none."""
    return _folder("ckanext.cpdi.drop_path") if tk.config["ckanext.cpdi.drop_path"] else None


def _folder(key: str, mode: int = 0o755) -> Path:
    """Return the folder that the setting ``key`` names; raise SettingError where it is not set."""
    value = tk.config[key]
    if not value:
        raise SettingError(f"{key} is not set: name a folder, such as /var/lib/ckan/cpdi/{key.split('.')[-1][:-5]}")
    return _created(Path(value).absolute(), mode)


def _created(path: Path, mode: int) -> Path:
    """Return the folder ``path``, created with ``mode`` where it was missing; raise SettingError where that fails."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"the folder {path} cannot be made: {error.strerror}") from error
    return path
