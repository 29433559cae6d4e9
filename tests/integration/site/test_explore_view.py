"""Tables have the explorer as CKAN's view: a face under a filter that staff chose, here and in other sites' pages."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from html import unescape

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from helpers.users import signed_in

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.catalog.views import follow_the_explorer
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.site.explore.view import TYPE
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


@pytest.fixture
def make():
    """Makes a view by the API, which goes after the test."""
    made = []

    def create(**given):
        form = {"resource_id": resource_id(TABLE), "title": "Team 2", "view_type": "cpdi_explore_view", **given}
        made.append(tk.get_action("resource_view_create")(portal_user(), form))
        return made[-1]

    yield create
    for one in made:
        tk.get_action("resource_view_delete")(portal_user(), {"id": one["id"]})


def path_of(view, language=""):
    return f"{language}/dataset/{view['package_id']}/resource/{view['resource_id']}/view/{view['id']}"


def test_each_table_has_the_view_from_the_beginning_and_nothing_else_has(view):
    assert (view["view_type"], view["title"], view["face"], view["filter"]) == (TYPE, "Explore", "map", "")
    tables = {resource_id(table.name): table for table in config.library().tables}
    faces = {one.resource_id: one.config["face"] for one in model.Session.query(model.ResourceView)}
    assert resource_id(TABLE) in faces
    for resource, face in faces.items():
        assert face == ("map" if tables[resource].rows.point else "charts")


def test_the_page_of_the_resource_has_it_in_a_frame(app, view):
    body = app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}", status=200).body
    assert re.search(rf'<iframe[^>]+/view/{view["id"]}"', body)


def test_it_may_stand_in_another_sites_page_and_runs_no_inline_script(app, view):
    response = app.get(path_of(view), status=200)
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self';" in policy
    assert not re.findall(r"<script(?![^>]+src=)", response.body)
    assert described(response.body)["dataset"] == TABLE


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"filter": "teem=2"}, "filter", "teem: there is no parameter 'teem'"),
        ({"filter": "from=yesterday"}, "filter", "from: 'yesterday' is no day"),
        ({"filter": "area.neighborhood=Nowhere"}, "filter", "area.neighborhood: "),
        ({"filter": ["team=1", "q=2"]}, "filter", "A filter is written as"),
        ({"filter": "https://elsewhere.example/dataset/x/explore?q=1"}, "filter", f"/dataset/{TABLE}/explore"),
        ({"face": "pie"}, "face", "Choose one of: all, map, charts, table"),
        ({"face": ["map"]}, "face", "Choose one of"),
    ],
)
def test_a_view_that_cannot_be_shown_is_refused_with_the_reason_at_its_field(make, given, field, said):
    with pytest.raises(tk.ValidationError) as error:
        make(**given)
    assert set(error.value.error_dict) == {field}
    assert said in error.value.error_dict[field][0]


def test_without_scripts_it_has_the_number_of_the_csv_the_filter_in_words_and_ways_on(app, make):
    made = make(
        face="all", filter=f"https://example.org/dataset/{TABLE}/explore?call_category=Traffic&by=week&utm_source=mail"
    )
    assert made["filter"] == "call_category=Traffic&by=week"
    body = app.get(path_of(made, "/es"), status=200).body
    rows = list(csv.reader(io.StringIO(app.get(f"/data/{TABLE}.csv?call_category=Traffic").body)))
    assert re.search(rf'<p class="cp-lead-text">{len(rows) - 1:,}'.replace(",", "[.,]?") + r"\b", body)
    assert "Filtro: Categoría: Tránsito" in body
    assert f'href="/es/dataset/{TABLE}/explore?call_category=Traffic&amp;by=week" target="_top"' in body
    assert f"/data/{TABLE}.csv?call_category=Traffic" in unescape(body)
    assert re.findall(r'data-cpdi-face="(\w+)"', body) == [
        "numbers",
        "asked",
        "time",
        "map",
        "charts",
        "table",
        "files",
    ]


def test_a_view_of_rows_prints_the_first_as_it_was_set_and_leads_out_of_the_frame(app, make):
    body = app.get(path_of(make(face="table", filter="team=Team 1&sort=team&columns=team"))).body
    cells = re.findall(r'<th scope="row"[^>]*><a[^>]*href="([^"]*)"([^>]*)>([^<]*)<', body)
    assert {said for *_, said in cells} == {"Team 1"}
    assert {to for _, to, _ in cells} == {' target="_top"'}
    assert all(link.startswith(f"/dataset/{TABLE}/explore?team=Team+1&amp;sort=team") for link, *_ in cells)
    assert "cp-tb-region" not in app.get(path_of(make(face="map"))).body


def test_one_face_has_no_other(app, make):
    assert re.findall(r'data-cpdi-face="(\w+)"', app.get(path_of(make(face="table"))).body) == [
        "numbers",
        "asked",
        "table",
        "files",
    ]


def test_a_filter_that_fits_the_table_no_more_shows_no_other_rows(app, make):
    made = make(face="charts")
    model.ResourceView.get(made["id"]).config = {"face": "charts", "filter": "a_column_that_went=5"}
    model.Session.commit()
    for language, said, reason in (
        ("", "This view cannot be shown", "a_column_that_went: there is no parameter"),
        ("/es", "Esta vista no se puede mostrar", "a_column_that_went: no hay ningún parámetro"),
    ):
        body = unescape(app.get(path_of(made, language), status=200).body)
        assert f'role="alert">{said}' in body
        assert f"<p>{reason}" in body  # for staff to unfold
        assert "data-cpdi-explorer" not in body
        assert "cp-lead-text" not in body


def test_a_period_that_goes_on_with_the_calendar_is_that_of_the_day(app, make):
    made = make(face="charts", filter="call_category=Traffic&period=this-year&by=week")
    assert made["filter"] == "call_category=Traffic&period=this-year&by=week"
    (kept,) = re.findall(r'data-cpdi-filter="([^"]*)"', app.get(path_of(made), status=200).body)
    days = dict(link.dated([("period", "this-year")], config.profile().zone))
    assert unescape(kept) == f"from={days['from']}&to={days['to']}&call_category=Traffic&by=week"

    page = app.get(f"/es/dataset/{TABLE}/explore?q=a&period=this-year", follow_redirects=False, status=302)
    assert page.headers["Location"].endswith(f"/es/dataset/{TABLE}/explore?from={days['from']}&to={days['to']}&q=a")
    assert "max-age" not in page.headers["Cache-Control"]
    refused = app.get(f"/dataset/{TABLE}/explore?period=lately", status=400)
    assert "period: 'lately' is no period; there are last-7-days" in unescape(refused.body)

    answer = app.get(f"/data/{TABLE}.csv?period=last-year")
    year = datetime.now(config.profile().zone).year - 1
    assert answer.body == app.get(f"/data/{TABLE}.csv?from={year}-01-01&to={year}-12-31").body
    plain = app.get(f"/data/{TABLE}.csv?from={year}-01-01").headers["ETag"].strip('"')
    assert re.fullmatch(rf'{re.escape(plain)}-\d{{8}}"', answer.headers["ETag"])  # tomorrow it may have other rows


@pytest.mark.parametrize("face", [None, 7, [], {"a": 1}, "pie"])
def test_a_view_that_anybody_wrote_into_the_address_shows_no_fault(app, face):
    view = json.dumps({"view_type": TYPE, "title": "x", "face": face, "filter": {"x": [1]} if face == [] else face})
    app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/view", query_string={"resource_view": view}, status=200)


def test_the_form_says_at_its_field_what_is_wrong_and_keeps_what_was_typed(app):
    editor = signed_in(capacity="editor")["headers"]
    path = f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/new_view?view_type={TYPE}"
    body = app.get(f"/es{path}", headers=editor, status=200).body
    assert re.findall(r'<option value="(\w+)"', body) == ["all", "map", "charts", "table"]
    assert "Qué muestra" in body
    assert "resource-view-filters" not in body  # CKAN's own, which it refuses of such a view
    typed = {"title": "Mine", "view_type": TYPE, "face": "charts", "filter": "teem=Team 2"}
    answer = app.post(path, data=typed, headers=editor, follow_redirects=False)
    assert answer.status_code == 200
    assert "teem: there is no parameter" in unescape(answer.body)
    assert ">teem=Team 2</textarea>" in answer.body
    assert re.search(r'<option value="charts"[^>]* selected', answer.body)


def test_staff_see_a_view_before_they_add_it(app):
    path = f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/new_view?view_type={TYPE}"
    typed = {"title": "Mine", "view_type": TYPE, "face": "charts", "filter": "call_category=Traffic", "preview": "True"}
    body = app.post(path, data=typed, headers=signed_in(capacity="editor")["headers"], follow_redirects=False).body
    (frame,) = re.findall(r'<iframe[^>]+src="([^"]+)"', body)
    shown = app.get(unescape(frame), status=200).body
    assert "Filter: Category: Traffic" in shown
    assert len(tk.get_action("resource_view_list")({}, {"id": resource_id(TABLE)})) == 1


def test_views_that_were_maps_become_the_map_of_the_explorer_at_their_address(app, make):
    made = make(face="charts")
    old = model.ResourceView.get(made["id"])
    old.view_type, old.config = "cpdi_map_view", {}
    model.Session.commit()
    assert follow_the_explorer() == ["1 views of maps into those of the explorer"]
    assert follow_the_explorer() == []
    model.Session.expire_all()
    assert 'data-cpdi-face="map"' in app.get(path_of(made), status=200).body


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
    (script,) = set(re.findall(r'(?:src|href)="([^"]*\.(?:m?js))"', body))
    assert script.startswith("/cpdi/explore/maps-")
    assert (root / f"ckanext/cpdi/public{script}").stat().st_size < 2000


def test_a_worker_may_ask_the_portal_for_tiles(app, root):
    (worker,) = (root / "ckanext/cpdi/public").glob("cpdi/vendor/maplibre-gl/*/maplibre-gl-worker.mjs")
    path = f"/{worker.relative_to(root / 'ckanext/cpdi/public')}"
    policy = app.get(path, status=200).headers["Content-Security-Policy"]
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


def test_rows_without_any_point_have_a_sentence_and_no_map(app, view, monkeypatch):
    monkeypatch.setattr(counts, "read", lambda *_: counts.Placed(rows=300))
    for path, words in (
        (path_of(view), "None of the 300 calls has a point"),
        (f"/es/dataset/{TABLE}/explore", "Sin punto: 300"),
    ):
        body = unescape(app.get(path, status=200).body)
        assert words in body
        assert "data-map=" not in body
        assert '"placed":false' in body


def test_counts_of_a_database_that_is_away_are_none():
    assert counts.read("postgresql://nobody@127.0.0.1:1/none", TABLE) == counts.Placed()
