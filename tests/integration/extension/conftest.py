"""The extension of ``tests/extension``, installed for these tests and loaded as a plugin."""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "extension"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Iterator[None]:
    """Lay the extension's entry points where Python finds them, as pip does."""
    folder = tmp_path_factory.mktemp("installed")
    project = tomllib.loads((EXTENSION / "pyproject.toml").read_text())["project"]
    info = folder / "cpdi_example-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = [f"{name} = {place}" for name, place in project["entry-points"]["ckan.plugins"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[ckan.plugins]", *lines, ""]))
    sys.path[:0] = [str(folder), str(EXTENSION)]
    importlib.invalidate_caches()
    yield
    sys.path.remove(str(folder))
    sys.path.remove(str(EXTENSION))


@pytest.fixture
def example(installed, with_plugins, ckan_config) -> Iterator[None]:
    """The plugin, beside all others, as ``ckan.plugins`` names it."""
    from ckan import plugins

    before = ckan_config["ckan.plugins"]
    names = before.split() if isinstance(before, str) else before
    ckan_config["ckan.plugins"] = [*names, "cpdi_example"]
    plugins.load_all()
    yield
    ckan_config["ckan.plugins"] = before
    plugins.load_all()
