"""pytest without services ends in one line that names ``make unit``."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def ini(tmp_path):
    """The tests' configuration with ports that nobody listens at, and so nobody else takes meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        text = (ROOT / "test.ini").read_text(encoding="utf-8")
        for port in ("15432", "16379", "18983"):
            text = text.replace(port, str(taken.getsockname()[1]))
        path = tmp_path / "test.ini"
        path.write_text(text, encoding="utf-8")
        yield path


def test_pytest_without_services_names_make_unit(ini):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", f"--ckan-ini={ini}", "-p", "no:cacheprovider", "tests/unit/services"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
        check=False,
    )
    (said,) = filter(None, (done.stdout + done.stderr).splitlines())
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert all(name in said for name in ("PostgreSQL", "Redis", "Solr", "`make unit`"))
