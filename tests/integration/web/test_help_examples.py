"""Each example of the Help Center runs as it stands, in both languages, with the program that it is for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import unescape
from urllib.request import urlopen

import pytest
from helpers.help import HELP
from helpers.server import served_below

COMMANDS = {
    "bash": ("bash", "-euo", "pipefail", "-c"),
    "python": (sys.executable, "-W", "ignore", "-c"),
    "r": ("Rscript", "-e"),
}


@pytest.fixture
def site(loaded, folders, tmp_path, ckan_config):
    settings = {f"ckanext.cpdi.{name}_path": str(path) for name, path in folders.items()}
    with served_below(tmp_path, ckan_config["__file__"], "/portal", settings) as address:
        yield address


def examples(site, language):
    """Return the examples of all articles as pairs of program and text."""
    for path in HELP[1:]:
        body = urlopen(f"{site}{language}{path}", timeout=60).read().decode()
        for program, text in re.findall(r'<pre[^>]*><code class="language-(\w+)">(.*?)</code>', body, re.DOTALL):
            yield program, unescape(text)


def test_each_example_runs_as_it_stands(site, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.fail("R is missing: scripts/system-packages test")
    english, spanish = (list(dict.fromkeys(examples(site, language))) for language in ("", "/es"))
    assert [program for program, _ in english] == [program for program, _ in spanish]
    assert {program for program, _ in english} == set(COMMANDS)
    for program, text in dict.fromkeys([*english, *spanish]):
        command = [*COMMANDS[program], text.replace("curl ", "curl --fail --silent --show-error ")]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{text}\n{done.stderr}"
        assert done.stdout or list(tmp_path.glob("*.csv")), text
