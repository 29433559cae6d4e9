"""The pages after a night: what they say is what was published, and every link on them answers."""

import html
import re
from urllib.parse import unquote, urlsplit

import pytest
from helpers import feeds
from helpers.help import HELP

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.publish.rows.offset import with_offset
from ckanext.cpdi.site.runs.ledger import read_ledger

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")

PAGES = ["/", *HELP, "/status", "/dataset/calls-for-service"]


def inside(body):
    """The addresses on this portal that a page links to, without parts of a page."""
    found = {urlsplit(html.unescape(one)) for one in re.findall(r'href="([^"]+)"', body)}
    return sorted({one._replace(fragment="").geturl() for one in found if not one.netloc and one.path.startswith("/")})


def test_every_link_on_the_pages_answers(app):
    pages = {page: app.get(page, status=200).get_data(as_text=True) for page in PAGES}
    links = {link for body in pages.values() for link in inside(body)}
    assert {"/data/calls-for-service.csv", "/help", "/status", "/dataset/calls-for-service"} <= links
    assert {link: app.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_every_example_of_the_help_center_and_the_dataset_answers_with_rows(app):
    bodies = [app.get(page).get_data(as_text=True) for page in (*HELP, "/dataset/calls-for-service")]
    examples = [one for body in bodies for one in re.findall(r'curl (?:-O )?"(.+?)"', html.unescape(body))]
    assert len(examples) >= 4
    for example in examples:
        parts = urlsplit(example)
        response = app.get(f"{parts.path}?{parts.query}" if parts.query else parts.path, status=200)
        if "datastore_search" in parts.path:
            assert response.json["result"]["records"], unquote(example)


def test_a_readers_page_may_be_kept_for_a_minute_and_nobodys_who_signed_in(app, editor):
    for page in ("/", "/help", "/dataset/calls-for-service", "/es/dataset/calls-for-service"):
        public = app.get(page, status=200).headers
        assert (public["Cache-Control"], public["Vary"]) == ("public, max-age=60", "Cookie"), page
        assert "Set-Cookie" not in public
        assert app.get(page, headers=editor["headers"]).headers["Cache-Control"] == "private, no-store"
    assert "public, max-age=60" not in app.get("/dataset/calls-for-service?q=1").headers["Cache-Control"]
    assert "public, max-age=60" not in app.get("/dataset/nowhere").headers["Cache-Control"]


def test_home_tells_how_many_rows_were_published(app, standing):
    body = app.get("/").get_data(as_text=True)
    assert f"<span>{standing.published:,} calls</span>" in body
    assert "Updated " in body
    assert "Nothing published yet" in body


def test_synthetic_rows_are_called_so_and_kept_from_search_engines(app):
    for page in PAGES:
        body = app.get(page).get_data(as_text=True)
        assert "Sample data." in body
        assert '<meta name="robots" content="noindex">' in body


def test_the_dataset_page_offers_each_year_in_each_format(app):
    body = app.get("/dataset/calls-for-service").get_data(as_text=True)
    years = [year.year for year in read_ledger(config.read_dsn()).years["calls-for-service"]]
    assert years
    assert years == sorted(years, reverse=True)
    for year in years:
        for extension in ("csv", "kml", "shp.zip", "geojson"):
            assert f'href="/data/calls-for-service/{year}.{extension}"' in body


def test_freshness_files_and_caveats_come_before_methodology_and_resources(app):
    body = app.get("/dataset/calls-for-service").get_data(as_text=True)
    parts = ["Freshness", "downloads", "api", "caveats", "dictionary", "methodology", "about", "resources"]
    places = [body.index(f'id="{part}"') if part != "Freshness" else body.index("<dt>Freshness") for part in parts]
    assert places == sorted(places)


def test_every_published_field_is_in_the_dictionary(app):
    body = app.get("/dataset/calls-for-service").get_data(as_text=True)
    fields = with_offset(config.library().dataset("calls-for-service").rows).fields
    assert [field.name for field in fields] == re.findall(r'<tr id="field-(\w+)">', body)


@pytest.fixture(scope="module")
def nights():
    """What the second night brought; the tests that follow it change nothing, either."""
    return []


@pytest.fixture
def dirty(standing, nights, tmp_path):
    """A second night whose feed has a record without a number, and one whose time nobody can read."""
    if not nights:
        nights.append(second_night(tmp_path / "night.csv"))
    return nights[0]


def second_night(path):
    feeds.write_calls(path, range(1, 260))
    with path.open("a", encoding="utf-8") as file:
        file.write(",03/01/2025 10:00:00,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77\n")
        file.write("25-9,soon,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77\n")
    held = load.run(feeds.DATASET, str(path), label=path.name, trusted_path=True)
    assert held.state == "held"  # days and classes are far from those of the night before
    with config.store() as store:
        store.ledger.release(held.run)
    return load.run(feeds.DATASET, str(path), label=path.name, trusted_path=True)


def test_the_status_page_adds_up(app, dirty):
    body = app.get("/status").get_data(as_text=True)
    row = re.search(r"<tbody>\s*<tr>(.*?)</tr>", body, re.DOTALL)[1]
    cells = [html.unescape(one) for one in re.findall(r"</span>([^<]+)</td>", row)[:4]]
    read, published = (int(one.replace(",", "")) for one in cells[:2])
    assert published == dirty.published == 259
    assert cells[2:] == ["< 10", "< 10"]  # none was withheld and two were set aside: few look like none
    assert read % 10 == 0 or read == published  # exact, it would tell how many few are
    assert "No data were exported for this period." in body


def test_reasons_are_in_words(app, dirty):
    body = app.get("/status").get_data(as_text=True)
    reasons = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td>(withheld|set aside)', body))
    assert reasons.items() >= {("Other reasons, each of fewer than ten rows", "set aside")}, reasons
    assert "key_missing" not in body


def test_after_a_real_feed_nothing_is_called_synthetic(app, dirty):
    assert dirty.state == "published"
    assert "Sample data." not in app.get("/").get_data(as_text=True)
