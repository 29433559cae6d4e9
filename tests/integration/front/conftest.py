"""A portal behind its web server, started once for all tests of this folder, which change nothing in it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from helpers import reports
from helpers.demo import set_up
from helpers.feeds import load_sample
from helpers.front import Front

from ckanext.cpdi.publish.packed import Packer

LARGE = 64 * 1024 * 1024
FOLDERS = ("files", "private", "drop")


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("front")


@pytest.fixture(scope="package")
def started(folder):
    """The portals that were started, stopped after the last test of the folder."""
    found: list[Front] = []
    yield found
    for one in found:
        one.kill()


@pytest.fixture
def front(request, with_plugins, app, ckan_config, monkeypatch, folder, started):
    """The portal with a small table, its files, and one that is large enough not to fit into any buffer."""
    for name in FOLDERS:
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.{name}_path", str(folder / name))
    if not started:
        for fixture in ("whole_db", "quiet"):
            request.getfixturevalue(fixture)
        for name in FOLDERS:
            (folder / name).mkdir()
        set_up()
        load_sample(folder / "calls.csv")
        reports.publish(reports.WEEKLY, reports.week(date(2024, 3, 24)))
        large = next((folder / "files" / "calls-for-service").glob("all.*.kml.gz"))
        with Packer(large) as packer:
            packer.add(bytes(LARGE))
        text = Path(ckan_config["__file__"]).read_text(encoding="utf-8")
        for name in FOLDERS:
            text = re.sub(rf"(?m)^(ckanext\.cpdi\.{name}_path) = .*", rf"\1 = {folder / name}", text)
        ini = folder / "front.ini"
        ini.write_text(text.replace("[app:main]", "[app:main]\nckanext.cpdi.accel = /_files/", 1), encoding="utf-8")
        one = Front(folder / "run", ini)
        done = one.script("start")
        started.append(one)
        assert done.returncode == 0, done.stderr
    return started[0]
