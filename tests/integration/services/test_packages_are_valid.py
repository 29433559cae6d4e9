"""Every Data Package that the portal serves, as the reference tool finds it: by its address, with its files."""

from __future__ import annotations

import threading
import zipfile
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import frictionless
import pytest
from helpers import demo
from werkzeug.serving import make_server

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import ABOUT, address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.frozen_years import frozen
from ckanext.cpdi.sample import write_calls, write_citations
from ckanext.cpdi.services.http import access

TABLES = {"calls-for-service": write_calls, "electronic-citations": write_citations}
YEARS = (2025, 2026)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("served")


@pytest.fixture
def site(request, plugins_of_all, app, ckan_config, monkeypatch, folder):
    """A served portal with two samples and their frozen years, made by the first test; gives its address."""
    monkeypatch.setenv("no_proxy", "*")
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    monkeypatch.setitem(ckan_config, "ckan.site_url", f"http://127.0.0.1:{server.server_port}")
    for name in ("files", "private"):
        (folder / name).mkdir(exist_ok=True)
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.{name}_path", str(folder / name))
    request.getfixturevalue("whole_db")
    demo.set_up()
    for dataset, write in TABLES.items():
        feed = folder / f"{dataset}.csv"
        write(feed, config.profile(), 300, 1, datetime(2026, 5, 31), 365)
        assert load.run(dataset, str(feed), label=dataset, trusted_path=True).published > 100
        publish.publish(dataset, config.profile())
        publish.freeze_years(dataset, config.profile())
    access.forget()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ckan_config["ckan.site_url"]
    server.shutdown()


def faults(source: str) -> list[str]:
    report = frictionless.validate(source, type="package")
    found = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    return [f"{source}: {error.title}: {error.message[:200]}" for error in found] or (
        [] if report.valid else [f"{source} is not valid"]
    )


def fetched(url: str, path: Path) -> Path:
    with urlopen(url) as answer:
        path.write_bytes(answer.read())
    return path


def unpacked(path: Path) -> str:
    home = path.with_suffix("")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(home)
    return str(home / "datapackage.json")


def test_every_package_is_valid_for_the_reference_tool(site, tmp_path):
    found: list[str] = []
    looked = 0
    for name in TABLES:
        dataset, home = config.library().dataset(name), config.files_path()
        files = snapshot_store.files(home, name)
        assert {one.extension for one in files} == set(formats())
        told = [snapshot_store.find_about(home, name, about) for about in ABOUT]
        assert all(told)
        found += faults(f"{site}/data/{name}/datapackage.json")
        for one in (*files, *told):
            address = address_of(dataset, one.year, one.extension, sidecar=True, about=one.about)
            found += faults(site + address.path)
            if one.extension in ("shp.zip", "kmz"):
                packed = tmp_path / f"{name}-{one.year}-{one.extension}.zip"
                plain = address_of(dataset, one.year, one.extension)
                found += faults(unpacked(fetched(site + plain.path, packed)))
                looked += 1
            looked += 1
        archives = frozen.archives(home, name)
        assert archives
        found += [
            fault
            for one in archives
            for fault in faults(unpacked(fetched(site + one.path, tmp_path / f"{name}-{one.year}-frozen.zip")))
        ]
    assert not found, "\n".join(found)
    assert looked > 2 * len(formats()) * len(YEARS)
