"""The documentation says what there is: settings, commands, make's targets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.cpdi.cli import cpdi

ROOT = Path(__file__).resolve().parents[3]
TEXT = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
)
TARGETS = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_page_of_settings_is_that_of_the_declaration():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/settings"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_read_setting_is_declared():
    declared = set(
        re.findall(r"key: (ckanext\.cpdi\.[\w.]+)", (ROOT / "ckanext/cpdi/config_declaration.yaml").read_text())
    )
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "ckanext/cpdi").rglob("*.py")]
    read = {
        key for source in sources for key in re.findall(r"[\"'](ckanext\.cpdi\.(?!schemas)[a-z_.]+[a-z])[\"']", source)
    }
    modules = {f"ckanext.cpdi.{path.name.removesuffix('.py')}" for path in (ROOT / "ckanext/cpdi").iterdir()}
    assert {key for key in read if not key.startswith(tuple(modules))} <= declared


def test_every_setting_of_the_scripts_is_declared():
    declared = (ROOT / "ckanext/cpdi/config_declaration.yaml").read_text(encoding="utf-8")
    for ini in ("scripts/ckan.ini.in", "test.ini"):
        for key in re.findall(r"^(ckanext\.cpdi\.[\w.]+) =", (ROOT / ini).read_text(encoding="utf-8"), re.MULTILINE):
            assert f"key: {key}\n" in declared, f"{ini}: {key}"


@pytest.mark.parametrize("command", sorted(cpdi.commands))
def test_every_command_is_documented(command):
    assert re.search(rf"ckan cpdi {command}\b", TEXT)


def test_make_has_targets():
    assert len(TARGETS) > 5


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_of_make_is_documented(target):
    assert re.search(rf"make {target}\b|`{target}`", TEXT)


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docker").glob("*.md")]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
