"""``/data/…/changes.csv`` and ``removed.csv`` as scripts use them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from helpers import datastore
from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import let_weeks_pass, night
from werkzeug.serving import make_server

from ckanext.cpdi import config
from ckanext.cpdi.services.http import access

URL = f"/data/{DATASET}"
SCRIPT = Path(__file__).parents[3] / "ckanext/cpdi/public/cpdi/follow.py"


@pytest.fixture
def feed(portal, tmp_path):
    return tmp_path / "calls.csv"


def resident() -> int:
    """The bytes of memory that this process has at the moment."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def rows(response) -> dict[str, dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(response.body)))
    assert response.body.startswith("row_id,")
    return {one["incident_number"]: one for one in found}


def test_without_since_comes_the_whole_table_with_ids(feed, app):
    version = night(feed, range(1, 6))
    response = get(app, f"{URL}/changes.csv")
    assert len(rows(response)) == 5
    assert response.headers["Cpdi-Version"] == version
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cpdi-Version" in response.headers["Access-Control-Expose-Headers"]
    whole = get(app, f"{URL}.csv").body.splitlines()
    assert sorted(line.partition(",")[2] for line in response.body.splitlines()) == sorted(whole)


def test_since_a_version_come_rows_that_are_new_or_changed(feed, app):
    first = night(feed, range(1, 6))
    second = night(feed, range(2, 8))
    response = get(app, f"{URL}/changes.csv?since={first}")
    assert set(rows(response)) == {"25-000006", "25-000007"}
    assert response.headers["Cpdi-Version"] == second
    assert response.headers["Content-Disposition"].endswith(f"changes_{first}_{second}.csv")
    assert rows(get(app, f"{URL}/changes.csv?since={second}")) == {}


def test_since_a_day_come_the_changes_of_that_day_too(feed, app):
    first = night(feed, range(1, 6))
    night(feed, range(1, 8))
    let_weeks_pass()
    day = (datetime.now(config.profile().zone) - timedelta(days=70)).date()
    get(app, f"{URL}/changes.csv?since={day}", status=410)
    later = day + timedelta(days=1)
    assert rows(get(app, f"{URL}/changes.csv?since={later}")) == {}
    assert rows(get(app, f"{URL}/changes.csv?since={first}"))


def test_removals_come_as_bare_ids_when_their_week_is_over(feed, app):
    first = night(feed, range(1, 9))
    ids = {key: one["row_id"] for key, one in rows(get(app, f"{URL}/changes.csv")).items()}
    night(feed, range(3, 9))
    assert get(app, f"{URL}/removed.csv?since={first}").body == "row_id\n"
    let_weeks_pass()
    response = get(app, f"{URL}/removed.csv?since={first}")
    gone = sorted(int(ids[key]) for key in ("25-000001", "25-000002"))
    assert response.body == "row_id\n" + "".join(f"{one}\n" for one in gone)
    assert datetime.fromisoformat(response.headers["Cpdi-Removed-Until"]).weekday() == 0
    assert get(app, f"{URL}/removed.csv").body == "row_id\n"


def test_geojson_is_streamed_alike(feed, app):
    first = night(feed, range(1, 6))
    night(feed, range(1, 8))
    response = get(app, f"{URL}/changes.geojson?since={first}")
    assert response.headers["Content-Type"] == "application/geo+json"
    features = json.loads(response.body)["features"]
    assert {one["properties"]["incident_number"] for one in features} == {"25-000006", "25-000007"}
    assert all(isinstance(one["properties"]["row_id"], int) for one in features)
    get(app, f"{URL}/changes.gpkg?since={first}", status=404)


def test_a_client_that_has_the_answer_is_told_so(feed, app):
    first = night(feed, range(1, 6))
    for name in ("changes.csv", "changes.geojson", "removed.csv"):
        etag = get(app, f"{URL}/{name}?since={first}").headers["ETag"]
        assert get(app, f"{URL}/{name}?since={first}", status=304, If_None_Match=etag).bytes == b""
    etag = get(app, f"{URL}/changes.csv?since={first}").headers["ETag"]
    night(feed, range(1, 7))
    assert len(rows(get(app, f"{URL}/changes.csv?since={first}", If_None_Match=etag))) == 1
    head = app.client.head(f"{URL}/changes.csv?since={first}")
    assert (head.status_code, head.data) == (200, b"")


def test_a_version_that_nobody_remembers_leads_to_the_whole_table(feed, app):
    first = night(feed, range(1, 6))
    response = get(app, f"{URL}/changes.csv?since=20200101-7", status=410)
    assert first in response.body
    assert f"{tk.config['ckan.site_url']}{URL}/changes.csv" in response.body
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "since",
    [
        "'; DROP TABLE x; --",
        "20260-01-01",
        "infinity",
        "-infinity",
        "NaN",
        "2026-02-30",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "20261124-7x",
        "20261124-" + "9" * 40,
        "٢٠٢٦-٠١-٠١",
        "2026-11-24T00:00:00",
        "\x00",
        "x" * 5000,
    ],
)
def test_what_is_no_version_and_no_day_is_refused_in_words(feed, app, since):
    night(feed, range(1, 3), build=False)
    for name in ("changes.csv", "removed.csv"):
        response = app.get(f"{URL}/{name}", query_string={"since": since}, status=400)
        assert response.headers["Content-Type"].startswith("text/plain")
        assert since not in response.body
        assert "SELECT" not in response.body
    answer = app.get("/api/3/action/cpdi_changes", query_string={"dataset": DATASET, "since": since}, status=409)
    assert "since" in answer.json["error"]
    assert "SELECT" not in answer.body


def test_nothing_else_can_be_asked(feed, app):
    first = night(feed, range(1, 3))
    get(app, f"{URL}/changes.csv?since={first}&team=1", status=400)
    get(app, f"{URL}/changes.csv?since={first}&since={first}", status=400)


def test_a_private_dataset_looks_like_one_that_never_was(feed, app, editor, stranger):
    night(feed, range(1, 3))
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": DATASET, "private": True}
    )
    access.forget()
    never = get(app, "/data/nothing/changes.csv", status=404)
    for path in (f"{URL}/changes.csv", f"{URL}/changes.csv?since=x", f"{URL}/removed.csv"):
        assert get(app, path, status=404).body == never.body
        app.get(path, headers=stranger["headers"], status=404)
    response = app.get(f"{URL}/changes.csv", headers=editor["headers"])
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_table_that_is_not_there_yet_says_when_to_ask_again(portal, app):
    assert int(get(app, f"{URL}/changes.csv", status=503).headers["Retry-After"]) > 0


def test_the_script_of_the_help_center_keeps_a_copy(feed, app, tmp_path):
    copy = tmp_path / "copy.csv"
    server = make_server("127.0.0.1", 0, app.flask_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    table = f"http://127.0.0.1:{server.server_port}{URL}"

    def follow() -> str:
        command = [sys.executable, str(SCRIPT), table, str(copy)]
        environment = {"PATH": os.environ["PATH"], "no_proxy": "*"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    try:
        night(feed, range(1, 20))
        assert "19 rows fetched" in follow()
        night(feed, range(5, 25))
        assert "5 rows fetched, 0 removed, 24 in all" in follow()
        let_weeks_pass()
        night(feed, range(6, 24))
        let_weeks_pass()
        follow()
        copied = copy.read_text(encoding="utf-8").splitlines()
        whole = get(app, f"{URL}.csv").body.splitlines()
        assert sorted(line.partition(",")[2] for line in copied) == sorted(whole)
        (tmp_path / "copy.csv.version").write_text("20200101-1", encoding="utf-8")
        assert "18 rows fetched, 0 removed, 18 in all" in follow()
        header, *lines = copy.read_text(encoding="utf-8").splitlines(keepends=True)
        copy.write_text("".join([header.replace("utc_offset,", ""), *lines]), encoding="utf-8")
        assert "18 rows fetched, 0 removed, 18 in all" in follow(), "a copy with other columns"
        assert copy.read_text(encoding="utf-8").splitlines(keepends=True)[0] == header
    finally:
        server.shutdown()
        thread.join()


def test_many_rows_are_streamed_with_flat_memory(portal, app):
    datastore.publish(count=100_000, build=False)
    before, most, size = resident(), 0, 0
    response = app.client.get(f"{URL}/changes.csv", buffered=False)
    for block in response.response:
        size += len(block)
        most = max(most, resident())
    response.close()
    assert size > 10_000_000
    assert most - before < 60_000_000, "a frame or two, not the table"
