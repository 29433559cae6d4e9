"""A table with points has a map: on its dataset's page, on its resource's page, and in other sites' pages."""

from __future__ import annotations

import json
import re
from html import unescape

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.site.map import counts

pytestmark = pytest.mark.usefixtures("standing")

TABLE = "calls-for-service"


def described(body: str):
    (found,) = re.findall(r'data-map="([^"]*)"', body)
    return json.loads(unescape(found))


@pytest.fixture
def view():
    (only,) = tk.get_action("resource_view_list")({}, {"id": resource_id(TABLE)})
    return only


def test_each_table_with_points_has_the_view_from_the_beginning_and_nothing_else_has(view):
    assert (view["view_type"], view["title"]) == ("cpdi_map_view", "Map")
    tables = {resource_id(table.name) for table in config.library().tables if table.rows.point}
    viewed = {one.resource_id for one in model.Session.query(model.ResourceView)}
    assert resource_id(TABLE) in viewed
    assert viewed <= tables


def test_the_page_of_the_resource_has_it_in_a_frame(app, view):
    body = app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}", status=200).body
    assert re.search(rf'<iframe[^>]+/view/{view["id"]}"', body)


def test_it_may_stand_in_another_sites_page_and_runs_no_inline_script(app, view):
    response = app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/view/{view['id']}", status=200)
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self';" in policy
    assert not re.findall(r"<script(?![^>]+src=)", response.body)
    assert described(response.body)["dataset"] == TABLE


def test_the_dataset_page_says_how_many_rows_are_on_no_map(app):
    body = app.get(f"/dataset/{TABLE}", status=200).body
    placed = counts.read(config.read_dsn(), TABLE)
    table = tk.get_action("datastore_search")({}, {"resource_id": resource_id(TABLE), "limit": 32000})
    assert placed.rows == table["total"]
    assert placed.points == sum(row["longitude"] is not None for row in table["records"])
    assert 0 < placed.points < placed.rows
    assert f"{placed.rows - placed.points} of all {placed.rows:,} calls have no point" in body
    assert described(body)["unplaced"] in body
    assert "spatial/js" not in body
    assert "dataset-map-container" not in body


def test_categories_are_those_of_rows_with_a_point(app):
    categories = described(app.get(f"/dataset/{TABLE}").body)["categories"]
    rows = tk.get_action("datastore_search")({}, {"resource_id": resource_id(TABLE), "limit": 32000})["records"]
    assert {one["value"] for one in categories} <= {row["call_category"] for row in rows if row["longitude"]}


def test_a_spanish_reader_has_spanish_words(app):
    spanish = described(app.get(f"/es/dataset/{TABLE}").body)
    assert spanish["many"] == "llamadas"
    assert spanish["words"]["close"] == "Cerrar"


@pytest.mark.parametrize("path", ["/", "/help", "/status", "/dataset/compstat-reports", "/organization/"])
def test_a_page_without_a_map_loads_nothing_of_it(app, path):
    assert "cpdi/explore/" not in app.get(path, status=200).body


def test_a_page_with_a_map_names_one_small_script_alone(app, root):
    body = app.get(f"/dataset/{TABLE}").body
    assert set(re.findall(r'(?:src|href)="([^"]*\.(?:m?js))"', body)) == {"/cpdi/explore/maps.js"}
    assert (root / "ckanext/cpdi/public/cpdi/explore/maps.js").stat().st_size < 2000


def test_a_worker_may_ask_the_portal_for_tiles(app):
    policy = app.get("/cpdi/vendor/maplibre-gl/maplibre-gl-worker.mjs", status=200).headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; connect-src 'self'; script-src 'self'; frame-ancestors 'none'"


def test_a_private_dataset_has_no_map_for_readers(app, view):
    package = model.Package.get(TABLE)
    package.private = True
    model.Session.commit()
    try:
        app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/view/{view['id']}", status=404)
    finally:
        model.Package.get(TABLE).private = False
        model.Session.commit()


def test_counts_of_a_database_that_is_away_are_none():
    assert counts.read("postgresql://nobody@127.0.0.1:1/none", TABLE) == counts.Placed()
