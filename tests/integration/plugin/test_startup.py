"""What CKAN loads with the extension, in every web process and for every command."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("polars", "pyarrow", "pyogrio", "reportlab", "PIL")
"""Libraries of feeds, rows and files: a second together, and a hundred megabytes."""

SCRIPT = f"""
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
import ckanext.cpdi.cli
make_app(load_config(sys.argv[1]))
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_ckan_starts_without_the_libraries_that_only_nights_need(ckan_config):
    command = [sys.executable, "-c", SCRIPT, ckan_config["__file__"]]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
