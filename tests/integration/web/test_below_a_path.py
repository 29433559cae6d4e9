"""A portal that a web server hands on below a path: every address that it gives away begins there, and answers."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from urllib.parse import urljoin

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from helpers.crawl import Crawl
from helpers.feeds import write_citations
from helpers.server import served_below
from helpers.users import signed_in
from werkzeug.datastructures import FileStorage

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.publish.frozen_years import freeze, frozen

TABLE, SERIES = "calls-for-service", "compstat-reports"
RID = resource_id(TABLE)
PAGES = [
    "/", "/es/", "/help", "/es/help", "/status", "/es/status", "/status/runs", "/status/runs/RUN",
    "/es/status/runs/RUN",
    "/dataset/", "/es/dataset/", f"/dataset/{TABLE}", f"/es/dataset/{TABLE}", "/dataset/electronic-citations",
    f"/dataset/{SERIES}", f"/status/{TABLE}", f"/es/status/{TABLE}", f"/dataset/{TABLE}/changes",
    f"/es/dataset/{TABLE}/changes", f"/dataset/{TABLE}/resource/{RID}", "/organization/", "/organization/police",
    "/user/login", "/nowhere", "/es/nowhere",
]  # fmt: skip
STAFF = [
    "/", "/es/", f"/dataset/{TABLE}", f"/es/dataset/{TABLE}", "/status/deny", "/status/approval", "/es/status/approval",
    "/status/runs/RUN", f"/status/{TABLE}", f"/dataset/edit/{TABLE}", f"/dataset/{SERIES}/resource/new", "/harvest",
]  # fmt: skip
ANSWERS = [
    f"/data/{TABLE}.csv", f"/data/{TABLE}.csv.datapackage.json", f"/data/{TABLE}/datapackage.json",
    f"/data/{TABLE}/completeness.csv", f"/data/{TABLE}/completeness.csv.datapackage.json",
    "/data/electronic-citations.csv", "/data/electronic-citations.csv.datapackage.json",
    "/data/nothing.csv", "/data/", f"/data/{TABLE}.csv?where=1", f"/data/{TABLE}/1999.csv",
    f"/data/{TABLE}/archive/1999.zip",
    f"/data/{TABLE}/archive/YEAR.zip?limit=1", f"/data/{TABLE}/changes.csv?since=20200101-7",
    f"/data/{TABLE}/changes.csv?since=never",
    f"/datastore/dump/{RID}", f"/api/3/action/package_show?id={TABLE}", f"/api/3/action/package_show?id={SERIES}",
    "/api/3/action/package_search", "/api/3/action/resource_search?query=name:CSV",
    f"/api/3/action/resource_show?id={RID}",
    f"/dataset/{TABLE}.jsonld", f"/dataset/{TABLE}.rdf", "/catalog.jsonld", "/feeds/dataset.atom",
    f"/dataset/{TABLE}/changes.atom", f"/es/dataset/{TABLE}/changes.atom", "/healthz",
]  # fmt: skip


def in_spanish(app, job):
    """Do ``job`` as a request of the Spanish pages does it."""
    spanish = {"CKAN_LANG": "es", "CKAN_LANG_IS_DEFAULT": False}
    with app.flask_app.test_request_context("/dataset/new", environ_overrides=spanish):
        return job()


@pytest.fixture
def report(app, portal, tmp_path):
    """A report that somebody saved on the Spanish pages; its id."""
    with (tmp_path / "week.pdf").open("w+b") as content:
        content.write(b"%PDF-1.4\n%%EOF\n")
        content.seek(0)
        upload = FileStorage(content, filename="Week 1.pdf", content_type="application/pdf")
        described = {"package_id": SERIES, "name": "Week 1", "format": "PDF", "upload": upload}
        made = in_spanish(app, lambda: tk.get_action("resource_create")(portal_user(), described))
    return made["id"]


@pytest.fixture
def crawl(loaded, report, folders, tmp_path, ckan_config):
    """The portal below ``/portal``, with rows, files, a frozen year and a report; as anybody, and as a sysadmin."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    citations = write_citations(
        tmp_path / "citations.csv", [{"Citation_Number": f"E-{number}"} for number in range(1, 9)]
    )
    load.run("electronic-citations", str(citations), label="citations", trusted_path=True)
    publish.publish("electronic-citations", publish.profile_of("electronic-citations"))
    profile, today = config.profile(), date.today() + timedelta(days=800)
    dataset, site, day = config.library().dataset(TABLE), config.site(), config.freeze_day()
    freeze.freeze(config.read_dsn(), dataset, profile, folders["files"], site, day, today)
    model.Session.remove()
    staff = signed_in(sysadmin=True)["headers"]
    settings = {f"ckanext.cpdi.{name}_path": str(path) for name, path in folders.items()}
    with served_below(tmp_path, ckan_config["__file__"], "/portal", settings) as base:
        yield Crawl(base), Crawl(base, staff)


def test_every_address_begins_with_the_path_and_answers(crawl, loaded):
    anybody, staff = crawl
    year, wrong = frozen.archives(config.files_path(), TABLE)[0].year, []
    for one, paths in ((anybody, PAGES), (staff, STAFF), (anybody, ANSWERS)):
        for each in paths:
            path = each.replace("RUN", str(loaded.run)).replace("YEAR", str(year))
            response = one.get(one.base + path)
            assert response.status_code < 500, path
            found = one.links(response)
            if response.headers.get("Content-Type", "").startswith("application/json") and "resources" in response.text:
                found += _packaged(response)
            assert found or path == "/healthz", path
            if response.status_code == 404:  # its links to itself in other languages are such pages, too
                found = [link for link in found if not link.endswith(path.removeprefix("/es"))]
            wrong += one.follow([link for link in found if link != one.base + f"/data/{TABLE}"], path)
    assert not [f"{link} in {source}" for one in crawl for link, source in one.outside.items()]
    assert not wrong, "\n".join(wrong)
    assert len(anybody.seen) > 100


def _packaged(response):
    """The files that a Data Package lists, by addresses relative to its own."""
    found = response.json()
    listed = found["resources"] if isinstance(found.get("resources"), list) else []
    return [urljoin(response.url, one["path"]) for one in listed if "path" in one]


def test_the_help_centers_script_follows_the_table(crawl, tmp_path):
    anybody, _ = crawl
    page = anybody.get(anybody.base + "/help").text
    script, table = re.search(r'curl -O "([^"]+follow\.py)"', page), re.search(r'python3 follow\.py "([^"]+)"', page)
    (tmp_path / "follow.py").write_text(anybody.get(script[1]).text, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "follow.py", table[1], "copy.csv"], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert len((tmp_path / "copy.csv").read_text(encoding="utf-8").splitlines()) > 100


def test_a_reports_address_has_no_language_whoever_saved_it(app, report):
    for path in ("package_show?id=" + SERIES, "resource_show?id=" + report, "package_search?q=name:" + SERIES):
        body = app.get("/api/3/action/" + path).body
        assert re.search(rf"http://test\.ckan\.net/dataset/[^/]+/resource/{report}/download/week-1\.pdf", body), path
        assert "/es/" not in body
    assert app.get("/api/3/action/resource_search?query=name:Week").body.count("/es/") == 0


def test_a_portal_that_moved_gives_its_new_addresses_at_once(app, report, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://police.example.gov")
    monkeypatch.setitem(ckan_config, "ckan.root_path", "/data-portal/{{LANG}}")
    for action in (
        f"package_show?id={SERIES}",
        "package_search",
        "resource_search?query=name:CSV",
        f"resource_show?id={report}",
    ):
        urls = re.findall(r'"url": ?"(http[^"]+)"', app.get(f"/api/3/action/{action}").body)
        ours = [one for one in urls if "test.ckan.net" in one or "police.example.gov" in one]
        assert ours, action
        assert all(one.startswith("https://police.example.gov/data-portal/") for one in ours), ours


def test_a_mail_to_staff_names_an_address_below_the_path(with_plugins, ckan_config, monkeypatch):
    from ckanext.cpdi.notify import letter
    from ckanext.cpdi.pipeline.report import NightReport

    monkeypatch.setitem(ckan_config, "ckan.root_path", "/portal/{{LANG}}")
    report = NightReport(run=7, dataset=TABLE, state="failed")
    body = letter.write(report, config.library().dataset(TABLE), True)[1]
    assert f"{tk.config['ckan.site_url']}/portal/status/runs/7\n" in body
