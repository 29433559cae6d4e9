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


@pytest.fixture(scope="module")
def example(installed, plugins_of_all) -> Iterator[None]:
    """The plugin, beside all others, as ``ckan.plugins`` names it; each test begins with these settings."""
    from ckan import plugins
    from ckan.common import config
    from ckan.tests.pytest_ckan import ckan_setup

    before = ckan_setup._config
    names = config["ckan.plugins"]
    config["ckan.plugins"] = [*(names.split() if isinstance(names, str) else names), "cpdi_example"]
    plugins.load_all()
    ckan_setup._config = config.copy()
    yield
    ckan_setup._config = before
    config.clear()
    config.update(before)
    plugins.load_all()
