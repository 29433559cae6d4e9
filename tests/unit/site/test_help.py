"""The Help Center: every article in both languages, values that cannot become markup, a search without surprises."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from jinja2 import TemplateError

from ckanext.cpdi.site.help.article import LANGUAGES, _templates, articles, names, plain, render
from ckanext.cpdi.site.help.search import matching

LINE = SimpleNamespace(title="Open", time="to the minute", place="block", kind="as recorded", wait="once closed")
CONTEXT = {
    "site": "https://data.example.gov", "help": "https://data.example.gov/help",
    "department": {
        "name": "Larkhaven Police", "city": "Larkhaven", "url": "https://example.gov", "portal_url": "",
        "contact_name": "", "contact_email": "a_b@example.gov", "records_request_url": "https://example.gov/foia",
    },
    "profile": SimpleNamespace(name="larkhaven", version="1"), "k": 8,
    "areas": [("ward", "Ward")], "base_map": "",
    "datasets": [{"name": "calls", "title": "Calls", "text": "Each *call*.", "url": "https://data.example.gov/dataset/calls"}],
    "counting": [{"title": "Calls", "lines": ["A call is no crime."]}],
    "complete": [{"title": "Calls", "url": "https://data.example.gov/status/calls", "file": "https://x/completeness.csv"}],
    "columns": {"place.precision", "place.id", "place.team", "sun.light", "source.value"}, "classes": [LINE],
    "limits": ["10 requests a second"], "limits_lead": "Beyond that the portal answers 429.",
    "formats": {"csv", "kml", "kmz", "geojson", "gpkg", "shp.zip"}, "gis": "Shapefile, GeoJSON",
    "running": {"title": "Citations", "path": "https://data.example.gov/data/citations", "year": 2026},
    "table": {
        "name": "calls", "title": "Calls", "path": "https://data.example.gov/data/calls", "point": True,
        "file": "https://data.example.gov/data/calls.csv", "year_file": "https://data.example.gov/data/calls/2026.csv",
        "time": "call_datetime", "version": "2026-11-24.1",
    },
    "links": [SimpleNamespace(title="API", purpose="Rows", example="https://data.example.gov/api?a=1&b=*")],
    "filter_example": "https://data.example.gov/api?filters=%7B%7D&sort=a", "searched": "call_type, block_address",
}  # fmt: skip
EMPTY = {
    **CONTEXT, "datasets": [], "counting": [], "complete": [], "columns": set(), "formats": set(), "gis": "",
    "running": None, "table": None, "links": (), "filter_example": "", "searched": "",
    "department": {**CONTEXT["department"], "contact_email": "", "records_request_url": "", "url": ""},
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", [CONTEXT, EMPTY], ids=["full", "empty"])
def test_every_article_stands_in_both_languages_for_any_portal(language, context):
    shown = articles(context, language)
    assert [article.name for article in shown] == list(names())
    for article in shown:
        assert article.title
        assert 10 < len(article.summary) < 200, article.name
        assert len(article.text) > 15, article.name
        assert not re.search(r"\{[%{:]|[%}]\}|^\s*\|", article.html, re.MULTILINE), article.name


def test_the_languages_have_the_same_articles_sections_and_examples():
    assert len({tuple(_templates(language)) for language in LANGUAGES}) == 1
    for name in names():
        english, spanish = (render(name, CONTEXT, language) for language in LANGUAGES)
        assert english.html.count("<h2") == spanish.html.count("<h2"), name
        assert english.html.count("<pre") == spanish.html.count("<pre"), name
        assert english.html.count("<li>") == spanish.html.count("<li>"), name
        assert english.title != spanish.title or name in ("python", "r"), name
        assert english.summary != spanish.summary, name


def test_links_between_articles_lead_to_one():
    for language in LANGUAGES:
        for article in articles(CONTEXT, language):
            for target, section in re.findall(
                r'href="https://data.example.gov/help/([a-z-]+)(?:#([a-z-]+))?"', article.html
            ):
                aim = render(target, CONTEXT, language)
                assert not section or f'id="{section}"' in aim.html, (article.name, target, section)


@pytest.mark.parametrize("language", LANGUAGES)
def test_areas_are_named_by_their_titles(language):
    assert "<code>area.ward</code> (Ward)" in render("links", CONTEXT, language).html


@pytest.mark.parametrize(
    ("language", "words", "nothing"),
    [
        ("en", "load their base map from tiles.example.gov", "loads nothing from other sites"),
        ("es", "cargan su mapa base de tiles.example.gov", "ni carga nada de otros sitios"),
    ],
)
def test_readers_are_told_whether_maps_load_from_another_site(language, words, nothing):
    with_base = render("places-and-privacy", CONTEXT | {"base_map": "tiles.example.gov"}, language).html
    without = render("places-and-privacy", CONTEXT, language).html
    assert (words in with_base, nothing in with_base) == (True, False)
    assert (words in without, nothing in without) == (False, True)


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "[a](javascript:b)", "*a* _b_ `c` &amp;", "# a\n- b | c", "{{ site }}"]
)
def test_a_value_of_the_portal_stays_text(value):
    context = {**CONTEXT, "datasets": [{**CONTEXT["datasets"][0], "title": value, "text": value}]}
    html = render("what-is-here", context, "en").html
    assert "<script" not in html
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert "<em>" not in html
    shown = re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    assert " ".join(value.split()) in shown


def test_what_an_article_does_not_know_is_an_error_and_no_gap():
    with pytest.raises(TemplateError):
        render("cite", {}, "en")
    with pytest.raises(KeyError):
        render("nothing", CONTEXT, "en")


def test_an_unknown_language_reads_english():
    assert render("r", CONTEXT, "de") == render("r", CONTEXT, "en")


def test_addresses_in_examples_stay_whole():
    assert "https://data.example.gov/api?a=1&amp;b=*" in render("api", CONTEXT, "en").html
    assert "rows$call_datetime" in render("r", CONTEXT, "en").html


def test_search_has_every_word_titles_first_and_without_accents():
    english, spanish = articles(CONTEXT, "en"), articles(CONTEXT, "es")
    assert matching(english, "excel")[0].article.name == "excel"
    assert "65001" in matching(english, "encoding 65001")[0].article.text
    assert matching(spanish, "citacion")[0].article.name in ("places-and-privacy", "cite")
    assert matching(english, "excel walnuts") == ()
    assert matching(english, "  ") == ()
    assert "counting" in [match.article.name for match in matching(english, "COMPAR")]
    assert all(len(match.snippet) < 260 for match in matching(english, "the"))


def test_marks_of_markdown_are_escaped():
    assert plain("a_b*") == r"a\_b\*"
