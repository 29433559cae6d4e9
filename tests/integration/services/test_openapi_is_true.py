"""Schemathesis asks the running portal what /openapi.json says that it answers, rightly and wrongly: nothing is found.

``CPDI_EXAMPLES`` has more than the few examples of each operation; ``CPDI_SCHEMATHESIS`` further arguments.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest
from helpers.feeds import DATASET
from helpers.server import served_below

from ckanext.cpdi import config
from ckanext.cpdi.selection.reader import open_reader

EXAMPLES = os.environ.get("CPDI_EXAMPLES", "3")
PHASES = os.environ.get("CPDI_PHASES", "examples,fuzzing")
LEFT_OUT = "negative_data_rejection"
"""It wants a limit above the maximum refused; OGC 17-069r4 (7.15.2, limit) wants it to be taken as the maximum."""


@pytest.fixture
def site(loaded, folders, tmp_path, ckan_config):
    settings = {f"ckanext.cpdi.{name}_path": str(path) for name, path in folders.items()}
    settings["ckanext.cpdi.limits.service_requests_per_minute"] = "0"
    with served_below(tmp_path, ckan_config["__file__"], "/portal", settings) as address:
        urlopen(f"{address}/openapi.json", timeout=300).close()  # the first answer takes its time
        yield address


def version() -> str:
    with open_reader(config.read_dsn(), config.library().dataset(DATASET), seconds=5) as reader:
        return reader.state.version


def team(site: str) -> str:
    """Return the team that most rows are in."""
    with urlopen(f"{site}/data/{DATASET}.csv", timeout=60) as answer:
        rows = csv.DictReader(io.TextIOWrapper(answer, "utf-8"))
        return Counter(row["team"] for row in rows if row["team"]).most_common(1)[0][0]


def test_schemathesis_finds_nothing(site, tmp_path):
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", f"{site}/openapi.json", "--checks", "all",
        "--exclude-checks", LEFT_OUT, "--phases", PHASES, "--max-examples", EXAMPLES, "--seed", "1", "--no-color",
        "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all", "--request-timeout", "60",
        *os.environ.get("CPDI_SCHEMATHESIS", "").split(),
    ]  # fmt: skip
    hooks = {"SCHEMATHESIS_HOOKS": "helpers.schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parents[2])}
    hooks |= {"CPDI_VERSION": version(), "CPDI_TEAM": team(site)}
    run = subprocess.run(command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True)
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr
    assert int(re.search(r"(\d+) generated", run.stdout)[1]) > 100
