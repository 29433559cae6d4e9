"""The pages before the first night, and whatever staff or strangers write."""

import re

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories, helpers

from ckanext.cpdi.catalog.people import portal_user

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

PAGES = ["/", "/help", "/status", "/dataset/calls-for-service", "/dataset/compstat-reports"]


def text(response):
    """What a reader reads: the body without tags, one space between words."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def patch(**values):
    """Change the metadata of the calls as the portal's own user does."""
    tk.get_action("package_patch")(portal_user(), {"id": "calls-for-service", **values})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_its_language_and_landmarks(app, path):
    body = app.get(path, status=200).get_data(as_text=True)
    assert body.count("<h1") == 1
    assert '<html lang="en"' in body
    assert body.count("<main") == body.count("<footer") == body.count('<header class="cp-header"') == 1
    assert 'class="cp-skip" href="#content"' in body


@pytest.mark.parametrize("path", PAGES)
def test_reading_a_page_sets_no_cookie_and_loads_no_script(app, path):
    response = app.get(path)
    assert "Set-Cookie" not in response.headers
    assert not re.search(r"<script(?! type=\"application/ld\+json\">)", response.get_data(as_text=True))


def test_home_has_the_five_headings_in_order_and_says_that_nothing_is_there_yet(app):
    body = app.get("/").get_data(as_text=True)
    names = re.findall(r'<h3 id="h-([a-z-]+)">', body)
    assert names == [
        "calls-for-service",
        "electronic-citations",
        "compstat-reports",
        "closed-investigations",
        "response-to-resistance",
    ]
    assert body.count("Nothing published yet") == 5
    assert "/data/" not in body


def test_resources_without_rows_are_listed_for_who_may_edit_them_and_their_addresses_say_so(app, sysadmin):
    def listed(headers):
        shown = app.get("/api/3/action/package_show?id=calls-for-service", headers=headers).json["result"]
        return len(shown["resources"]), shown["num_resources"]

    assert listed({}) == (0, 0)
    assert listed(sysadmin["headers"]) == (5, 5)
    found = app.get("/api/3/action/package_search?q=name:calls-for-service").json["result"]["results"]
    assert [one["resources"] for one in found] == [[]]
    for file in (".csv", "/2024.csv", "/datapackage.json"):
        path = f"/data/calls-for-service{file}"
        assert "No rows of this dataset have been published yet" in app.get(path, status=404).get_data(as_text=True)
    assert "datapackage.json" not in app.get("/data/nothing", status=404).get_data(as_text=True)


def test_header_and_footer_name_the_department_of_the_profile(app):
    read = text(app.get("/"))
    assert "Charleston Police Department" in read
    assert "commercial solicitation" in read
    assert "not a response to a records request" in read


def test_home_links_to_the_other_open_data_of_the_city(app):
    assert 'href="https://data-charleston-sc.opendata.arcgis.com"' in app.get("/").get_data(as_text=True)


def test_a_page_can_be_read_in_spanish(app):
    body = app.get("/es/").get_data(as_text=True)
    assert '<html lang="es"' in body
    assert "Llamadas de servicio e iniciadas por agentes" in body
    assert 'href="/es/help"' in body
    assert "Cada llamada de servicio que registra" in app.get("/es/dataset/calls-for-service").get_data(as_text=True)


def test_without_its_views_the_portal_still_answers(app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", "postgresql://nobody@127.0.0.1:9/nowhere")
    assert "cannot be read at the moment" in text(app.get("/status", status=200))
    assert "Calls for Service" in text(app.get("/", status=200))


@pytest.mark.parametrize("path", ["/nothing", "/dataset/nothing", "/nothing/below"])
def test_a_missing_page_is_404_in_the_look_of_the_portal(app, path):
    body = app.get(path, status=404).get_data(as_text=True)
    assert "This page is not here" in body
    assert 'class="cp-brand"' in body


def test_a_page_for_staff_says_so_to_others(app):
    assert "This page is for staff" in text(app.get("/dataset/edit/calls-for-service", status=403))


def test_an_address_by_type_leads_to_the_page_that_people_link_to(app):
    response = app.get("/incident-table/calls-for-service", follow_redirects=False)
    assert response.headers["Location"].endswith("/dataset/calls-for-service")


def test_a_private_dataset_has_no_page_and_no_links_for_others(app, sysadmin):
    patch(private=True)
    app.get("/dataset/calls-for-service", status=404)
    body = app.get("/").get_data(as_text=True)
    assert 'href="/dataset/calls-for-service"' not in body
    app.get("/dataset/calls-for-service", status=200, headers=sysadmin["headers"])


def test_what_staff_write_is_shown_as_text_and_never_runs(app):
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    patch(
        title=hostile,
        notes=hostile,
        caveats=hostile,
        methodology=hostile,
        contact_name=hostile,
        citation=hostile,
        spatial_text=hostile,
    )
    for path in ("/", "/dataset/calls-for-service", "/dataset/"):
        body = app.get(path).get_data(as_text=True)
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_the_form_keeps_what_staff_saved_and_the_page_shows_it(app, sysadmin):
    url = "/dataset/edit/calls-for-service"
    form = app.get(url, headers=sysadmin["headers"]).get_data(as_text=True)
    assert re.findall(r"<legend>([^<]+)</legend>", form)[:3] == ["What it is", "How current it is", "Where it is about"]
    package = helpers.call_action("package_show", id="calls-for-service")
    sent = {
        "title": "Calls",
        "name": "calls-for-service",
        "notes": "All calls.",
        "owner_org": package["owner_org"],
        "frequency": "daily",
        "temporal_start": "2015-01-01",
        "caveats": "Ask before you *count*.",
        "license_id": "odc-pddl",
        "access_rights": "public",
        "language": "en",
        "contact_email": "records@example.org",
        "save": "",
    }
    app.post(url, data=sent, headers=sysadmin["headers"], follow_redirects=False, status=302)
    read = text(app.get("/dataset/calls-for-service"))
    assert "All calls." in read
    assert "Ask before you count ." in read
    assert "records@example.org" in read
    assert len(helpers.call_action("package_show", id="calls-for-service")["resources"]) == len(package["resources"])


def test_the_form_refuses_a_last_day_before_the_first():
    days = {"temporal_start": "2026-01-02", "temporal_end": "2026-01-01"}
    with pytest.raises(tk.ValidationError, match="before the first one"):
        patch(**days)
    patch(**days | {"temporal_end": "2026-01-02"})


def test_a_report_appears_on_home_and_on_the_page_of_its_series(app):
    factories.Resource(
        package_id=helpers.call_action("package_show", id="compstat-reports")["id"],
        url="https://example.org/week.pdf",
        name="Week 47",
        format="PDF",
        period_start="2026-11-16",
        period_end="2026-11-22",
    )
    assert "Latest: 16 Nov 2026 to 22 Nov 2026" in text(app.get("/"))
    body = app.get("/dataset/compstat-reports").get_data(as_text=True)
    assert "<summary>2026 <small>1 report</small></summary>" in body
    assert 'href="https://example.org/week.pdf"' in body


def test_search_finds_a_dataset_and_leads_to_its_page(app):
    body = app.get("/dataset/?q=citations").get_data(as_text=True)
    assert 'href="/dataset/electronic-citations"' in body
    assert 'href="/dataset/compstat-reports"' not in body


def test_a_dataset_made_by_hand_has_a_page_with_its_files(app):
    package = factories.Dataset(title="Stations", owner_org="police", name="stations")
    factories.Resource(
        package_id=package["id"], url="https://example.org/s.csv", name="Stations of the city", format="CSV"
    )
    read = text(app.get("/dataset/stations"))
    assert "Stations of the city" in read
    assert "Data dictionary" not in read
