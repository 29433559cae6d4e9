"""``/metrics``: counts without what readers asked for."""

from __future__ import annotations

from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import night
from prometheus_client.parser import text_string_to_metric_families


def samples(app) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(get(app, "/metrics").body)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_requests_are_counted_by_endpoint_and_status(portal, app):
    before = samples(app).get(("cpdi_requests_total", "cpdi_health.show", "GET", "200"), 0)
    get(app, "/healthz")
    get(app, "/healthz")
    after = samples(app)
    assert after["cpdi_requests_total", "cpdi_health.show", "GET", "200"] == before + 2
    assert after["cpdi_request_seconds_count", "cpdi_health.show"] >= 2


def test_rows_and_versions_of_tables_stand_there(portal, app, tmp_path):
    night(tmp_path / "calls.csv", range(1, 6))
    counted = samples(app)
    assert counted["cpdi_table_rows", DATASET] == 5
    assert counted["cpdi_table_published_timestamp_seconds", DATASET] > 1.7e9


def test_nothing_that_readers_asked_for_stands_there(portal, app, tmp_path):
    night(tmp_path / "calls.csv", range(1, 6))
    get(app, f"/data/{DATASET}.csv?q=needle")
    app.get("/no/needle/here")
    app.get("/data/needle.csv", environ_overrides={"REMOTE_ADDR": "192.0.2.99"})
    content = get(app, "/metrics").body
    assert "needle" not in content
    assert "192.0.2" not in content


def test_others_see_no_such_page(portal, app):
    answer = app.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.99"})
    assert answer.status_code == 404
    assert "cpdi_requests" not in answer.body


def test_services_that_answer_before_ckan_are_counted(portal, app, tmp_path):
    night(tmp_path / "calls.csv", range(1, 6))
    get(app, "/arcgis/rest/info?f=json")
    assert samples(app)["cpdi_requests_total", "cpdi_arcgis.info", "GET", "200"] >= 1
