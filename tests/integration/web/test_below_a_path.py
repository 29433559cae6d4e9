"""A portal that a web server hands on below a path: every address that it gives away begins there, and answers."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

import pytest
from ckan import model
from helpers.crawl import Crawl
from helpers.feeds import load_sample, write_citations
from helpers.report import OWN, save_in_spanish
from helpers.server import served_below
from helpers.users import signed_in

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.publish.frozen_years import freeze, frozen

TABLE = "calls-for-service"
RID = resource_id(TABLE)
WITHOUT_ROWS = ("/data/compstat-figures", resource_id("compstat-figures"))
"""A table that is approved and waits for its first rows answers 503, as its files are still to be made."""


class Served(NamedTuple):
    """A portal that runs: its address, what signs the requests of a sysadmin, and the run that filled it."""

    base: str
    staff: dict[str, str]
    run: int


PAGES = [
    "/", "/es/", "/help", "/es/help", "/status", "/es/status", "/status/runs", "/status/runs/RUN",
    "/es/status/runs/RUN",
    "/dataset/", "/es/dataset/", f"/dataset/{TABLE}", f"/es/dataset/{TABLE}", "/dataset/electronic-citations",
    f"/dataset/{OWN}",
    "/dataset/compstat-reports", f"/status/{TABLE}", f"/es/status/{TABLE}", f"/dataset/{TABLE}/changes",
    f"/es/dataset/{TABLE}/changes", f"/dataset/{TABLE}/resource/{RID}", "/organization/", "/organization/police",
    "/user/login", "/nowhere", "/es/nowhere",
]  # fmt: skip
STAFF = [
    "/", "/es/", f"/dataset/{TABLE}", f"/es/dataset/{TABLE}", "/status/deny", "/status/approval", "/es/status/approval",
    "/status/runs/RUN", f"/status/{TABLE}", f"/dataset/edit/{TABLE}", f"/dataset/{OWN}/resource/new", "/harvest",
]  # fmt: skip
ANSWERS = [
    f"/data/{TABLE}.csv", f"/data/{TABLE}.csv.datapackage.json", f"/data/{TABLE}/datapackage.json",
    f"/data/{TABLE}/completeness.csv", f"/data/{TABLE}/completeness.csv.datapackage.json",
    "/data/electronic-citations.csv", "/data/electronic-citations.csv.datapackage.json",
    "/data/nothing.csv", "/data/", f"/data/{TABLE}.csv?where=1", f"/data/{TABLE}/1999.csv",
    f"/data/{TABLE}/archive/1999.zip",
    f"/data/{TABLE}/archive/YEAR.zip?limit=1", f"/data/{TABLE}/changes.csv?since=20200101-7",
    f"/data/{TABLE}/changes.csv?since=never",
    f"/datastore/dump/{RID}", f"/api/3/action/package_show?id={TABLE}", f"/api/3/action/package_show?id={OWN}",
    "/api/3/action/package_search", "/api/3/action/resource_search?query=name:CSV",
    f"/api/3/action/resource_show?id={RID}",
    f"/dataset/{TABLE}.jsonld", f"/dataset/{TABLE}.rdf", "/catalog.jsonld", "/feeds/dataset.atom",
    "/data.json", "/sitemap.xml", "/robots.txt",
    f"/dataset/{TABLE}/changes.atom", f"/es/dataset/{TABLE}/changes.atom", "/healthz",
]  # fmt: skip


@pytest.fixture(scope="module")
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def served(once, app, ckan_config, servers, tmp_path_factory) -> Served:
    """The portal below ``/portal``, with rows, files, a frozen year and a report; the first test starts it."""

    def start(folder: Path) -> Served:
        run = load_sample(folder / "calls.csv").run
        save_in_spanish(app, folder)
        citations = write_citations(
            folder / "citations.csv", [{"Citation_Number": f"E-{number}"} for number in range(1, 9)]
        )
        load.run("electronic-citations", str(citations), label="citations", trusted_path=True)
        publish.publish("electronic-citations", publish.profile_of("electronic-citations"))
        profile, today = config.profile(), date.today() + timedelta(days=800)
        dataset, site, day = config.library().dataset(TABLE), config.site(), config.freeze_day()
        freeze.freeze(config.read_dsn(), dataset, profile, config.files_path(), site, day, today)
        model.Session.remove()
        staff = signed_in(sysadmin=True)["headers"]
        settings = {
            name: ckan_config[name] for name in (f"ckanext.cpdi.{one}_path" for one in ("files", "private", "drop"))
        }
        work = tmp_path_factory.mktemp("server")
        return Served(
            servers.enter_context(served_below(work, ckan_config["__file__"], "/portal", settings)), staff, run
        )

    return once(start)


def test_every_address_begins_with_the_path_and_answers(served):
    anybody, staff = Crawl(served.base), Crawl(served.base, served.staff)
    year, wrong = frozen.archives(config.files_path(), TABLE)[0].year, []
    for one, paths in ((anybody, PAGES), (staff, STAFF), (anybody, ANSWERS)):
        for each in paths:
            path = each.replace("RUN", str(served.run)).replace("YEAR", str(year))
            response = one.get(one.base + path)
            assert response.status_code < 500, path
            found = one.links(response)
            if response.headers.get("Content-Type", "").startswith("application/json") and "resources" in response.text:
                found += _packaged(response)
            assert found or path == "/healthz", path
            if response.status_code == 404:  # its links to itself in other languages are such pages, too
                found = [link for link in found if not link.endswith(path.removeprefix("/es"))]
            ready = [link for link in found if not any(name in link for name in WITHOUT_ROWS)]
            wrong += one.follow([link for link in ready if link != one.base + f"/data/{TABLE}"], path)
    assert not [f"{link} in {source}" for one in (anybody, staff) for link, source in one.outside.items()]
    assert not wrong, "\n".join(wrong)
    assert len(anybody.seen) > 100


def _packaged(response):
    """The files that a Data Package lists, by addresses relative to its own."""
    found = response.json()
    listed = found["resources"] if isinstance(found.get("resources"), list) else []
    return [urljoin(response.url, one["path"]) for one in listed if "path" in one]


def test_the_help_centers_script_follows_the_table(served, tmp_path):
    anybody = Crawl(served.base)
    page = unescape(anybody.get(anybody.base + "/help/changes").text)
    script, table = re.search(r'curl -O "([^"]+follow\.py)"', page), re.search(r'python3 follow\.py "([^"]+)"', page)
    (tmp_path / "follow.py").write_text(anybody.get(script[1]).text, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "follow.py", table[1], "copy.csv"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert len((tmp_path / "copy.csv").read_text(encoding="utf-8").splitlines()) > 100
