"""How feeds may be fetched, and the credentials of their sources: from the operator's file and the environment.

No credential is in a harvest source, a log or an error.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.config import SettingError
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.declare.reading.read import convert, read_yaml
from ckanext.cpdi.feeds import FetchSettings, origin_of

_SETTING = "ckanext.cpdi.feeds.credentials_file"


def fetch_settings(location: str = "") -> FetchSettings:
    """Return how the feed at ``location`` may be fetched, with the credentials of its source."""
    ca_file = tk.config["ckanext.cpdi.feeds.ca_file"]

    return FetchSettings(
        spool_dir=config.spool_path(),
        drop_dir=config.drop_path(),
        allowed_hosts=tuple(tk.config["ckanext.cpdi.feeds.allowed_hosts"]),
        max_bytes=tk.config["ckanext.cpdi.feeds.max_bytes"],
        deadline_seconds=tk.config["ckanext.cpdi.feeds.network.deadline"],
        access=_credentials(location),
        ca_file=Path(ca_file) if ca_file else None,
    )


def _credentials(location: str) -> dict[str, Any]:
    """Return the entry of the credentials file for the source of ``location``; empty where there is none.

    A text ``env:NAME`` in it stands for an environment variable. Raises SettingError, without the file's content, where
    the file is invalid or the variable is not set.
    """
    name = tk.config["ckanext.cpdi.feeds.credentials_file"]
    if not name:
        return {}
    try:
        sources = convert(read_yaml(Path(name)), dict[str, dict[str, Any]], Path(name))
    except DeclarationError:
        raise SettingError(f"{_SETTING}: {name} cannot be read, or is no YAML of sources and what they want") from None
    by_origin = {origin_of(source): access for source, access in sources.items()}
    if "" in by_origin:
        raise SettingError(f"{_SETTING}: every entry of {name} begins like https://host:, sftp://host: or s3://bucket:")
    return _with_environment(by_origin.get(origin_of(location), {}))


def _with_environment(value: Any) -> Any:  # noqa: ANN401  as YAML has it
    """Return ``value`` with each text ``env:NAME`` replaced by that environment variable."""
    if isinstance(value, dict):
        return {key: _with_environment(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_environment(entry) for entry in value]
    if not isinstance(value, str) or not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in os.environ:
        raise SettingError(f"{_SETTING}: the environment variable {name} is not set")
    return os.environ[name]
