"""docs/endpoints.md says how long caches keep each answer and what can go wrong: here every route is asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from helpers import feeds, reports
from helpers.documents import page, sections, table

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.store.errata import Letter

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
PAGE = page("docs/endpoints.md")
NAME = feeds.DATASET
BAD = ",03/01/2025 10:00:00,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77"
NOWHERE = "postgresql://nobody:hush@127.0.0.1:9/nowhere"
REPORT = f"/reports/{reports.WEEKLY}/2024-03-24"
REPORTS = "/status/reports"
ERRATA = "/status/corrections"
NO_REPORT = f"{REPORTS}/report/{UUID(int=0)}"
OGC = f"/ogc/collections/{NAME}"
SERVICE = "/arcgis/rest/services/<dataset>/FeatureServer"
CACHE = {"a minute": "public, max-age=60", "none": "private, no-store"}
STATUS = re.compile(r"\b[45]\d\d\b")


@dataclass(frozen=True)
class Route:
    """``good``: an address that answers, empty where none does for everybody; ``errors``: by status an address, or an
    address with a header; ``down``: one that answers 503 without the database.
    """

    good: str = ""
    errors: dict[int, str | tuple[str, dict[str, str]]] | None = None
    down: str = ""
    staff: bool = False


ROUTES = {
    "GET /data/<path:path>": Route(
        f"/data/{NAME}.csv",
        {
            400: f"/data/{NAME}.csv?limit=some",
            404: "/data/nothing.csv",
            416: (f"/data/{NAME}.csv", {"Range": "bytes=99999999-"}),
        },
        down="/data/electronic-citations.csv",
    ),
    "GET /data/<dataset>/counts": Route(
        f"/data/{NAME}/counts",
        {400: f"/data/{NAME}/counts?from=some", 404: "/data/nothing/counts", 503: "/data/electronic-citations/counts"},
        down=f"/data/{NAME}/counts",
    ),
    "GET /data/<dataset>/compare": Route(
        f"/data/{NAME}/compare",
        {
            400: f"/data/{NAME}/compare?until=now",
            404: "/data/nothing/compare",
            503: "/data/electronic-citations/compare",
        },
        down=f"/data/{NAME}/compare",
    ),
    "GET /data/<dataset>/position": Route(
        f"/data/{NAME}/position?row=1",
        {
            400: f"/data/{NAME}/position",
            404: "/data/nothing/position?row=1",
            503: "/data/electronic-citations/position?row=1",
        },
        down=f"/data/{NAME}/position?row=1",
    ),
    "GET /data/places.geojson": Route(
        "/data/places.geojson",
        {404: "/data/places.kml", 416: ("/data/places.geojson", {"Range": "bytes=99999999-"})},
    ),
    "GET /data/places.csv": Route(
        "/data/places.csv", {404: "/data/places.kml", 416: ("/data/places.csv", {"Range": "bytes=99999999-"})}
    ),
    "GET /data/places/search": Route(
        "/data/places/search?q=queen", {400: "/data/places/search", 404: "/data/places/nothing"}
    ),
    "GET /data/<name>.atom": Route(
        f"/data/{NAME}.atom?team=Team+2",
        {400: f"/data/{NAME}.atom", 404: "/data/nothing.atom", 503: "/data/electronic-citations.atom"},
        down=f"/data/{NAME}.atom?team=Team+2",
    ),
    "GET /data/areas.geojson": Route("/data/areas.geojson"),
    "GET /data/": Route(errors={404: "/data/"}),
    "GET /data/<dataset>/changes.<path:extension>": Route(
        f"/data/{NAME}/changes.csv",
        {
            400: f"/data/{NAME}/changes.csv?since=yesterday",
            404: "/data/nothing/changes.csv",
            410: f"/data/{NAME}/changes.csv?since=20200101-0000001",
        },
        down=f"/data/{NAME}/changes.csv",
    ),
    "GET /data/<dataset>/removed.csv": Route(
        f"/data/{NAME}/removed.csv",
        {
            400: f"/data/{NAME}/removed.csv?since=yesterday",
            404: "/data/nothing/removed.csv",
            410: f"/data/{NAME}/removed.csv?since=20200101-0000001",
        },
        down=f"/data/{NAME}/removed.csv",
    ),
    "GET /data/<dataset>/demographics/<name>.<any(csv, json):extension>": Route(
        errors={404: f"/data/{NAME}/demographics/race.csv"}, down=f"/data/{NAME}/demographics/race.csv"
    ),
    "GET /data/<dataset>/archive/<name>": Route(
        f"/data/{NAME}/archive/2025.zip",
        {
            400: f"/data/{NAME}/archive/2025.zip?limit=5",
            404: f"/data/{NAME}/archive/1999.zip",
            416: (f"/data/{NAME}/archive/2025.zip", {"Range": "bytes=99999999-"}),
        },
    ),
    **{
        f"{method} {path}": Route(good if method == "GET" else "")
        for path, good in {
            "/arcgis/rest/info": "/arcgis/rest/info",
            "/arcgis/rest/services": "/arcgis/rest/services",
            SERVICE: f"/arcgis/rest/services/{NAME}/FeatureServer",
            f"{SERVICE}/layers": f"/arcgis/rest/services/{NAME}/FeatureServer/layers",
            f"{SERVICE}/<int:layer>": f"/arcgis/rest/services/{NAME}/FeatureServer/0",
            f"{SERVICE}/<int:layer>/<int:number>": f"/arcgis/rest/services/{NAME}/FeatureServer/0/1",
            f"{SERVICE}/<int:layer>/query": f"/arcgis/rest/services/{NAME}/FeatureServer/0/query?f=pbf",
            "/arcgis/": "/arcgis/",
            "/arcgis/<path:path>": f"/arcgis/rest/services/{NAME}/FeatureServer/0/addFeatures",
        }.items()
        for method in ("GET", "POST")
    },
    "GET /reports/<series>/<period>.<any(pdf, webp):extension>": Route(
        f"{REPORT}.pdf",
        {404: f"/reports/{reports.WEEKLY}/2019-01-06.pdf", 416: (f"{REPORT}.pdf", {"Range": "bytes=99999999-"})},
        down=f"{REPORT}.pdf",
    ),
    "GET /reports/<series>/<period>/<int:number>.<any(pdf, webp):extension>": Route(
        f"{REPORT}/1.webp",
        {404: f"{REPORT}/7.pdf", 416: (f"{REPORT}/1.pdf", {"Range": "bytes=99999999-"})},
        down=f"{REPORT}/1.pdf",
    ),
    "GET /reports/<series>/<int(fixed_digits=4):year>.zip": Route(
        f"/reports/{reports.WEEKLY}/2024.zip",
        {404: f"/reports/{reports.WEEKLY}/1999.zip"},
        down=f"/reports/{reports.WEEKLY}/2024.zip",
    ),
    **{
        f"GET /reports/<series>{part}": Route(
            f"/reports/{reports.WEEKLY}{path}",
            {404: f"/reports/nothing{path}"},
            down=f"/reports/{reports.WEEKLY}{path}",
        )
        for part, path in {
            ".json": ".json",
            ".atom": ".atom",
            "/calls": "/calls",
            "/calls.csv": "/calls.csv",
            "/<period>": "/2024-03-24",
            "/<period>/text": "/2024-03-24/text",
        }.items()
    },
    "GET /reports/search": Route("/reports/search?q=walnuts", down="/reports/search?q=walnuts"),
    "GET /ogc": Route("/ogc", {400: "/ogc?x=1"}),
    "GET /ogc/conformance": Route("/ogc/conformance", {400: "/ogc/conformance?x=1"}),
    "GET /ogc/api": Route("/ogc/api", {400: "/ogc/api?x=1"}, down="/ogc/api"),
    "GET /ogc/collections": Route("/ogc/collections", {400: "/ogc/collections?x=1"}, down="/ogc/collections"),
    **{
        f"GET /ogc/collections/<name>{part}": Route(
            f"{OGC}{path}", {400: f"{OGC}{path}?x=1", 404: f"/ogc/collections/nothing{path}"}, down=f"{OGC}{path}"
        )
        for part, path in {
            "": "",
            "/queryables": "/queryables",
            "/schema": "/schema",
            "/items": "/items",
            "/items/<item>": "/items/1",
        }.items()
    },
    **{
        f"GET /ogc/collections/<name>/tiles{part}": Route(
            f"{OGC}/tiles{path}",
            {404: f"/ogc/collections/nothing/tiles{path}"} | ({400: f"{OGC}/tiles{path}?x=1"} if asked else {}),
            down=f"{OGC}/tiles{path}",
        )
        for part, path, asked in (
            ("", "", False),
            ("/WebMercatorQuad", "/WebMercatorQuad", False),
            ("/WebMercatorQuad/tilejson.json", "/WebMercatorQuad/tilejson.json", True),
            ("/WebMercatorQuad/<z>/<y>/<x>", "/WebMercatorQuad/0/0/0", True),
        )
    },
    **{f"GET {path}": Route(path) for path in ("/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad")},
    "GET /data.json": Route("/data.json"),
    "GET /sitemap.xml": Route("/sitemap.xml", down="/sitemap.xml"),
    "GET /sitemap-<int:number>.xml": Route("/sitemap-1.xml", {404: "/sitemap-9.xml"}, down="/sitemap-1.xml"),
    "GET /og/<name>.png": Route("/og/portal.png", {404: "/og/nothing.png"}),
    "GET /openapi.json": Route("/openapi.json", down="/openapi.json"),
    "GET /openapi": Route("/openapi", down="/openapi"),
    "GET /openapi/<name>": Route("/openapi/portal.health", {404: "/openapi/nothing"}, down="/openapi/portal.health"),
    "GET /metrics": Route("/metrics", {404: "/metrics"}),
    "GET /healthz": Route(down="/healthz"),
    "GET /": Route("/"),
    "GET /search": Route("/search?q=traffic"),
    "GET /corrections": Route("/corrections", down="/corrections"),
    "GET /corrections.atom": Route("/corrections.atom", down="/corrections.atom"),
    "GET /corrections/<int:number>": Route("/corrections/1", {404: "/corrections/999"}, down="/corrections/1"),
    "GET /corrections/new": Route("/corrections/new"),
    "POST /corrections/new": Route(
        errors={400: "/corrections/new", 403: ("/corrections/new", {"Sec-Fetch-Site": "cross-site"})}
    ),
    "GET /help": Route("/help"),
    "GET /help/<name>": Route("/help/api", {404: "/help/nothing"}),
    "GET /status": Route("/status"),
    "GET /status/<name>": Route(f"/status/{NAME}", {404: "/status/nothing"}),
    "GET /status/runs": Route("/status/runs", {404: "/status/runs?dataset=nothing"}, down="/status/runs"),
    "GET /status/runs/<int:number>": Route(
        "/status/runs/{run}", {404: "/status/runs/999999"}, down="/status/runs/{run}"
    ),
    "GET /status/runs/<int:number>/lines.csv": Route(
        "/status/runs/{run}/lines.csv",
        {403: "/status/runs/{run}/lines.csv", 404: "/status/runs/999999/lines.csv"},
        staff=True,
    ),
    "GET /status/desk": Route("/status/desk", staff=True),
    "GET /status/corrections": Route(ERRATA, {403: ERRATA}, staff=True),
    "GET /status/corrections/<int:number>": Route(
        f"{ERRATA}/1", {403: f"{ERRATA}/1", 404: f"{ERRATA}/999"}, staff=True
    ),
    **{
        f"POST /status/corrections/<int:number>{step}": Route(
            errors={403: f"{ERRATA}/999{step}", 404: f"{ERRATA}/999{step}"}, staff=True
        )
        for step in ("", "/remove")
    },
    "GET /status/deny": Route("/status/deny", {403: "/status/deny"}, staff=True),
    "GET /status/approval": Route("/status/approval", {403: "/status/approval"}, staff=True),
    "GET /status/profile": Route("/status/profile", {403: "/status/profile"}, staff=True),
    "GET /status/profile/files": Route(errors={403: "/status/profile/files", 404: "/status/profile/files"}, staff=True),
    "GET /status/reports": Route(REPORTS, {403: REPORTS}, staff=True),
    "GET /status/reports/<name>": Route(
        f"{REPORTS}/compstat-reports",
        {403: f"{REPORTS}/compstat-reports", 404: f"{REPORTS}/nothing"},
        staff=True,
    ),
    "GET /status/reports/report/<report>": Route(errors={403: NO_REPORT, 404: NO_REPORT}, staff=True),
    "GET /status/reports/report/<report>/page/<int:number>.webp": Route(
        errors={403: f"{NO_REPORT}/page/1.webp", 404: f"{NO_REPORT}/page/1.webp"}, staff=True
    ),
    "GET /dataset/<name>/explore": Route(
        f"/dataset/{NAME}/explore",
        {400: f"/dataset/{NAME}/explore?from=some", 404: "/dataset/nothing/explore"},
        down=f"/dataset/{NAME}/explore",
    ),
    "GET /dataset/<name>/changes": Route(f"/dataset/{NAME}/changes", {404: "/dataset/nothing/changes"}),
    "GET /dataset/<name>/changes.atom": Route(f"/dataset/{NAME}/changes.atom", {404: "/dataset/nothing/changes.atom"}),
    **{f"GET /sign-in{step}": Route(errors={404: f"/sign-in{step}"}) for step in ("", "/back", "/out")},
    "GET /incident-table/<name>": Route(f"/incident-table/{NAME}"),
    "GET /report-series/<name>": Route("/report-series/compstat-reports"),
    "POST /status/runs/<int:number>/release": Route(errors={403: "/status/runs/{run}/release"}),
    "POST /status/deny": Route(errors={403: "/status/deny"}),
    "POST /status/approval": Route(errors={403: "/status/approval"}),
    **{
        f"POST /status/profile{step}": Route(errors={403: f"/status/profile{step}"})
        for step in ("", "/judge", "/approve", "/take", "/discard")
    },
    "POST /status/reports": Route(errors={403: REPORTS}),
    **{
        f"POST /status/reports/report/<report>/{step}": Route(
            errors={403: f"{NO_REPORT}/{step}", 404: f"{NO_REPORT}/{step}"}, staff=True
        )
        for step in ("release", "withdraw")
    },
    "POST /harvest/<source>/job/<id>/abort": Route(
        errors={403: "/harvest/nothing/job/nothing/abort", 404: "/harvest/nothing/job/nothing/abort"}, staff=True
    ),
}
HEADINGS = [name.strip("`") for name, _ in sections(PAGE) if re.match(r"`[A-Z]+ /", name)]


def described(heading: str) -> dict[str, str]:
    """Return the parts of a route's section by their names."""
    return {row[0]: row[1] for row in table(PAGE, f"`{heading}`").rows}


def statuses(heading: str) -> set[int]:
    """Return the statuses of errors that the page names for a route."""
    return {int(status) for status in STATUS.findall(described(heading)["errors"])}


@pytest.fixture
def address(tmp_path) -> Callable[[str], str]:
    """Fills the number of a run with lines of its own into an address; files, an archive and runs are there."""
    feeds.write_calls(tmp_path / "calls.csv", range(1, 21))
    with (tmp_path / "calls.csv").open("a", encoding="utf-8") as file:
        file.write(f"{BAD}\n")
    run = load.run(NAME, str(tmp_path / "calls.csv"), label="calls.csv", trusted_path=True).run
    publish.publish(NAME, config.profile())
    publish.freeze_years(NAME, config.profile())
    with config.store() as store:
        store.errata.receive(NAME, Letter("", "The month is wrong", ""), date(2026, 7, 13), "en")
    reports.publish(reports.WEEKLY, reports.week(date(2024, 3, 24)))
    return lambda path: path.replace("{run}", str(run))


def ask(app, method: str, where: str | tuple[str, dict[str, str]], address, headers=None):
    """Return the answer to a request, whatever its status."""
    path, more = (where, {}) if isinstance(where, str) else where
    send = {"GET": app.get, "POST": app.post}[method]
    return send(address(path), headers={**(headers or {}), **more}, follow_redirects=False)


def test_every_route_of_the_page_is_asked():
    assert sorted(ROUTES) == sorted(HEADINGS)


def test_an_answer_may_be_kept_for_as_long_as_the_page_says(app, address, sysadmin):
    kept: dict[str, tuple[int, str]] = {}
    for heading, route in ROUTES.items():
        if route.good:
            answer = ask(app, "GET", route.good, address, sysadmin["headers"] if route.staff else None)
            kept[heading] = (answer.status_code < 400, answer.headers.get("Cache-Control", ""))
    said = {heading: CACHE.get(described(heading)["cache"]) for heading in kept}
    assert kept == {heading: (True, said[heading] or cache) for heading, (_, cache) in kept.items()}


def test_every_error_of_the_page_is_met_and_kept_by_no_cache(app, address, sysadmin, ckan_config, monkeypatch):
    met: dict[str, set[int]] = {heading: set() for heading in ROUTES}
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.metrics_for", ["192.0.2.1"])  # somebody else's address
    for heading, route in ROUTES.items():
        for status, where in (route.errors or {}).items():
            staff = sysadmin["headers"] if route.staff and status != 403 else None
            answer = ask(app, heading.split()[0], where, address, staff)
            assert "max-age" not in answer.headers.get("Cache-Control", ""), heading
            met[heading].add(answer.status_code)
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", NOWHERE)
    for heading, route in ROUTES.items():
        if route.down:
            answer = ask(app, "GET", route.down, address)
            assert "hush" not in answer.get_data(as_text=True)
            met[heading].add(answer.status_code)
    assert met == {heading: statuses(heading) for heading in ROUTES}
