"""The explorer's page without scripts: its number is that of the files, its links lead to the same rows."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest
from ckan import model
from helpers.feeds import DATASET

from ckanext.cpdi.services.http import access

pytestmark = pytest.mark.usefixtures("standing")

PAGE = f"/dataset/{DATASET}/explore"
FILTERS = [
    "",
    "from=2026-01-01&to=2026-01-31",
    "call_category=Traffic&call_category=Alarm",
    "time_precision=month",
    "block_address__empty=yes",
    "filter=hour(call_datetime)+IN+(0)+AND+time_precision+IN+('minute','hour')",
    "q=king",
    "bbox=-80,32,-79,33",
    "team=O'Neil",
]


def said(body: str) -> str:
    return unescape(re.search(r'<p class="cp-lead-text">(.*?)</p>', body)[1])


def files(body: str) -> dict[str, str]:
    found = re.findall(r'href="([^"]*)" data-format="([^"]*)"', body)
    return {extension: unescape(url) for url, extension in found}


@pytest.mark.parametrize("question", FILTERS)
def test_the_number_is_that_of_the_csv_that_the_page_leads_to(app, question):
    body = app.get(f"{PAGE}?{question}", status=200).body
    rows = list(csv.reader(io.StringIO(app.get(files(body)["csv"], status=200).body)))
    assert int(re.search(r"[\d,]+", said(body))[0].replace(",", "")) == len(rows) - 1


def printed(body: str, column: int = 0) -> list[str]:
    """The cells of a column of the rows that are printed."""
    rows = re.findall(r'<tr><th scope="row".*?</tr>', body)
    return [unescape(re.findall(r"<(?:a|span)[^>]*>([^<]*)<", row)[column]) for row in rows]


@pytest.mark.parametrize("question", ["", "call_category=Traffic", "time_precision=month", "q=king", "team=O'Neil"])
@pytest.mark.parametrize("sort", ["incident_number", "-incident_number"])
def test_the_first_rows_are_printed_in_the_order_that_is_asked_for(app, question, sort):
    body = app.get(f"{PAGE}?{question}&sort={sort}&columns=incident_number,team", status=200).body
    rows = list(csv.DictReader(io.StringIO(app.get(f"/data/{DATASET}.csv?{question}&sort={sort}").body)))
    assert printed(body) == [row["incident_number"] for row in rows[:20]]
    assert printed(body, 1) == [row["team"] for row in rows[:20]]
    assert f'aria-sort="{"descending" if sort[0] == "-" else "ascending"}"' in body


def test_rows_are_there_without_a_look_and_with_one_that_the_table_has_not(app):
    plain = app.get(PAGE, status=200).body
    assert len(printed(plain)) == 20
    assert printed(app.get(f"{PAGE}?sort=height&columns=height,,", status=200).body) == printed(plain)


def test_links_of_the_printed_rows_keep_the_filter_and_lead_to_all_of_them(app):
    body = app.get(f"{PAGE}?team=Team+1&by=week&sort=team", status=200).body
    links = [unescape(one) for one in re.findall(r'class="cp-tb-sort"[^>]*href="([^"]*)"', body)]
    assert f"{PAGE}?team=Team+1&by=week&sort=-call_datetime#ex-rows" not in links  # first upwards, as with scripts
    assert f"{PAGE}?team=Team+1&by=week&sort=call_datetime#ex-rows" in links
    more = unescape(re.search(r'<noscript><p><a[^>]*href="([^"]*)"', body)[1])
    assert "by=week" not in more
    page = app.get(more, status=200).body
    rows = list(csv.DictReader(io.StringIO(app.get(f"/data/{DATASET}.csv?team=Team+1").body)))
    assert f"{len(rows):,}" in page
    assert "Todas las filas, página por página" in app.get(f"/es{PAGE}", status=200).body


def test_a_filter_without_rows_prints_none_and_a_wrong_one_nothing(app):
    body = app.get(f"{PAGE}?q=zyxwvut", status=200).body
    assert printed(body) == []
    assert "cp-tb-region" in body
    assert "cp-tb-region" not in app.get(f"{PAGE}?from=yesterday", status=400).body


def test_the_form_has_what_was_asked(app):
    body = app.get(f"{PAGE}?from=2026-01-01&call_source=911&team=Team+1&closed_datetime__empty=no", status=200).body
    assert re.search(r'name="from" value="2026-01-01"', body)
    assert re.search(r'<option value="911" selected>', body)
    assert '<input type="hidden" name="closed_datetime__empty" value="no">' in body


def test_a_filter_that_cannot_be_read_is_said_beside_the_form(app):
    response = app.get(f"{PAGE}?from=yesterday&team=1", status=400)
    assert "<p>from: " in response.body
    assert 'name="from" value=""' in response.body
    assert response.headers["Cache-Control"] == "private, no-store"
    spanish = unescape(app.get(f"/es{PAGE}?from=yesterday", status=400).body)
    assert "from: 'yesterday' no es un día como 2026-03-01" in spanish


def test_hostile_text_stays_text(app):
    body = app.get(PAGE + "?q=%3Cscript%3Ealert(1)%3C/script%3E&team=%22%3E%3Cb%3E", status=200).body
    assert "<script>alert" not in body
    assert '"><b>' not in body


def test_only_the_plain_page_is_kept_and_found_by_crawlers(app):
    plain, filtered = app.get(PAGE), app.get(f"{PAGE}?team=1")
    assert plain.headers["Cache-Control"] == "public, max-age=60"
    assert filtered.headers["Cache-Control"] == "private, no-store"
    assert filtered.body.count("noindex") == plain.body.count("noindex") + 1  # a sample is never found


def test_the_browser_is_told_of_the_table_and_no_script_stands_in_the_page(app):
    response = app.get(f"/es{PAGE}", status=200)
    described = json.loads(unescape(re.search(r'data-cpdi-explorer="([^"]*)"', response.body)[1]))
    assert (described["dataset"], described["many"], described["page"]) == (DATASET, "llamadas", f"/es{PAGE}")
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert not re.findall(r"<script(?![^>]+src=)(?![^>]+ld\+json)", response.body)


def test_a_private_table_and_one_that_is_not_there_are_the_same_to_readers(app):
    package = model.Package.get(DATASET)
    package.private = True
    model.Session.commit()
    access.forget()
    try:
        hidden = app.get(PAGE, status=404).body
    finally:
        package.private = False
        model.Session.commit()
        access.forget()
    assert hidden.replace(DATASET, "x") == app.get("/dataset/x/explore", status=404).body


def test_a_dataset_without_a_table_has_no_explorer(app):
    app.get("/dataset/compstat-reports/explore", status=404)
