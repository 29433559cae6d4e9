"""The examples of docs/extending.md are the extension that the tests load, file by file."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXTENSION = ROOT / "tests/extension"
PAGE = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
FILES = sorted(
    path.relative_to(EXTENSION).as_posix()
    for path in EXTENSION.rglob("*")
    if path.suffix in (".py", ".toml", ".html") and path.name != "__init__.py"
)


def test_every_file_of_the_extension_is_shown():
    assert sorted(SHOWN) == FILES


@pytest.mark.parametrize("name", FILES)
def test_an_example_is_the_file_that_is_tested(name):
    assert SHOWN[name] == (EXTENSION / name).read_text(encoding="utf-8")


def test_the_extension_has_one_of_each_kind():
    interfaces = pytest.importorskip("ckanext.cpdi.interfaces")
    kinds = [name for name, _ in inspect.getmembers(interfaces.ICpdi) if name.startswith("cpdi_")]
    assert len(kinds) == 7
    for kind in kinds:
        assert f"def {kind}(self):" in SHOWN["cpdi_example/plugin.py"]
