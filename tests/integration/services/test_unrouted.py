"""Paths that no route has and methods that none takes, answered in the form of the protocol."""

from __future__ import annotations

import pytest

LAYER = "/rest/services/calls-for-service/FeatureServer/0"
METHODS = ("PUT", "DELETE", "PATCH", "QUERY")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/", LAYER, f"{LAYER}/query"])
def test_a_feature_server_says_that_it_only_reads(app, standing, method, path):
    answer = app.client.open(f"/arcgis{path}", method=method)
    assert (answer.status_code, answer.json["error"]["code"]) == (405, 405)
    assert "GET, HEAD, OPTIONS, POST" in answer.json["error"]["message"]
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("method", [*METHODS, "POST"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize(
    "path", ["", "/conformance", "/collections/calls-for-service/items", "/collections/calls-for-service/tiles"]
)
def test_features_say_that_they_are_only_read(app, standing, method, path, accept):
    answer = app.client.open(f"/ogc{path}", method=method, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (answer.json["code"], "only read" in answer.json["description"]) == ("405", True)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", [*METHODS, "POST"])
def test_files_are_only_read(app, standing, method):
    answer = app.client.open("/data/calls-for-service.csv", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.text == "This address is only read: it is asked by GET, HEAD, OPTIONS.\n"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["a%0Ab", "calls-for-service%0A.csv", "calls-for-service/a%0Ab", "%0A", "a%0D%0Ab/c.csv"]
)
def test_a_line_break_is_in_no_path(app, standing, path):
    answer = app.client.get(f"/data/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert "/data/calls-for-service" in answer.text
    answer = app.client.get(f"/ogc/{path}")
    assert (answer.status_code, answer.json["code"]) == (404, "404")
    answer = app.client.get(f"/arcgis/rest/services/{path}/FeatureServer")
    assert (answer.status_code, answer.json["error"]["code"]) == (200, 404)


def test_a_person_gets_a_page(app, standing):
    for address in ("/ogc/nothing", "/arcgis/a%0Ab"):
        answer = app.client.get(address, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "<main" in answer.text or 'role="main"' in answer.text


def test_other_pages_keep_their_errors(app, standing):
    assert app.client.get("/database").mimetype == "text/html"
    answer = app.client.open("/help", method="DELETE")
    assert (answer.status_code, answer.mimetype, answer.headers["Allow"]) == (405, "text/html", "GET, HEAD, OPTIONS")
    answer = app.client.open("/api/3/action/datastore_search", method="QUERY")
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)
