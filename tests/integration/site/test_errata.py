"""Reported errors: everybody may send one, nobody but staff reads what was written, and everybody reads the answer."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import pytest
from helpers import datastore, haystack
from helpers.users import browser, token_of

from ckanext.cpdi import config

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

DATASET = "calls-for-service"
FORM = "/corrections/new"
DESK = "/status/corrections"
SECRET = "Quillfeather Marrowby was not there"
ADDRESS = "quillfeather@example.org"
RECORD = "25-000123"


def stamp(app):
    return re.search(r'name="stamp" value="([^"]+)"', app.get(FORM).body)[1]


def sent(app, *, elsewhere=None, **values):
    data = {"dataset": DATASET, "about": RECORD, "text": SECRET, "address": ADDRESS, "stamp": stamp(app), **values}
    return app.post(FORM, data=data, headers=elsewhere or {}, follow_redirects=False)


def report(app, **values):
    """Send a report; return its number."""
    answer = sent(app, **values)
    assert answer.status_code == 302, answer.body
    return int(re.fullmatch(r"/corrections/(\d+)", urlsplit(answer.headers["Location"]).path)[1])


def respond(app, user, number, state="corrected", **values):
    data = {
        "state": state,
        "summary": "The team of 12 July",
        "answer": "Corrected on 14 July.",
        "language": "en",
        **values,
    }
    return app.post(f"{DESK}/{number}", data=data, headers=user["headers"], follow_redirects=False)


def test_a_report_gets_a_number_and_its_page_is_the_confirmation(app):
    answer = sent(app)
    assert urlsplit(answer.headers["Location"]).path == "/corrections/1"
    assert "Set-Cookie" not in answer.headers
    page = app.get(answer.headers["Location"])
    assert "has the number 1" in page.body
    assert page.headers["Cache-Control"] == "private, no-store"
    plain = app.get("/corrections/1")
    assert "has the number" not in plain.body
    assert "Received" in plain.body
    assert report(app) == 2


def test_nothing_that_was_written_leaves_the_letter(app, editor, caplog):
    caplog.set_level(logging.DEBUG)
    number = report(app)
    respond(app, editor, number)
    paths = ("/corrections", f"/corrections/{number}", "/corrections.atom", "/", f"/dataset/{DATASET}", "/sitemap.xml")
    everywhere = [*haystack.pages(app, paths), *haystack.in_redis(0), *haystack.tables()]
    for needle in (SECRET, ADDRESS, RECORD):
        places = {place for place, data in everywhere if needle.encode() in data}
        assert places == {"table datastore.cpdi.erratum_letter"}, needle
        assert needle not in caplog.text


def test_the_letter_is_deleted_some_days_after_the_answer(app, editor, ckan_config, monkeypatch):
    from ckanext.cpdi.jobs.tick import tick

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.letters_kept", 7)
    waits, answered = report(app), report(app)
    respond(app, editor, answered)
    assert tick().faults == ()
    assert datastore.execute("SELECT count(*) FROM cpdi.erratum_letter") == [(2,)]
    datastore.execute("UPDATE cpdi.erratum SET answered = answered - interval '8 days'")
    assert tick().faults == ()
    assert datastore.execute("SELECT number FROM cpdi.erratum_letter") == [(waits,)]
    page = app.get(f"{DESK}/{answered}", headers=editor["headers"]).body
    assert SECRET not in page
    assert "It is deleted" in page
    assert "Corrected on 14 July." in app.get(f"/corrections/{answered}").body


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": "  "}, "Write what is wrong"),
        ({"text": "a" * 4001}, "There is room for 4000"),
        ({"about": "a" * 201}, "There is room for 200"),
        ({"address": "no address"}, "no address of mail"),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, "no address of mail"),
        ({"dataset": "nowhere"}, "Choose a dataset"),
        ({"website": "https://example.org"}, "as programs do"),
        ({"stamp": ""}, "open for more than a day"),
        ({"stamp": "1764400000." + "0" * 32}, "open for more than a day"),
        ({"stamp": "9" * 12 + "." + "0" * 32}, "open for more than a day"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_said_and_nothing_that_was_written_is_lost(app, values, words):
    answer = sent(app, **{"text": "The month is wrong & so on", **values})
    assert answer.status_code == 400
    assert words in answer.body
    assert "The month is wrong &amp; so on" in answer.body or "text" in values
    assert datastore.execute("SELECT count(*) FROM cpdi.erratum") == [(0,)]


def test_a_form_is_taken_for_a_day(app):
    from ckanext.cpdi.site.errata import form

    now = datetime.now(UTC)
    assert sent(app, stamp=form.stamp(now - timedelta(hours=25))).status_code == 400
    assert sent(app, stamp=form.stamp(now - timedelta(hours=23))).status_code == 302


def test_text_that_no_database_takes_is_taken_without_it(app, editor):
    number = report(app, text="A null\x00, a bell\x07 and \ud7ff <script>alert(1)</script>\r\nand a line")
    page = app.get(f"{DESK}/{number}", headers=editor["headers"]).body
    assert "A null, a bell and" in page
    assert "<script>alert(1)" not in page


def test_a_page_of_another_site_sends_nothing(app, editor, monkeypatch):
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert sent(app, elsewhere=headers).status_code == 403
    client = browser(app, editor["name"])
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    page = client.get(FORM)
    values = {"text": "The month is wrong", "stamp": re.search(r'name="stamp" value="([^"]+)"', page.text)[1]}
    assert client.post(FORM, data=values).status_code == 403
    taken = client.post(FORM, data={**values, "_csrf_token": token_of(page)}, follow_redirects=False)
    assert taken.status_code == 302


def test_an_address_sends_so_many_in_an_hour_and_is_kept_nowhere(app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.limits.error_reports_per_hour", 3)
    of = {"REMOTE_ADDR": "203.0.113.77"}
    assert [_status(app, of) for _ in range(4)] == [302, 302, 302, 429]
    assert _status(app, {"REMOTE_ADDR": "203.0.113.78"}) == 302
    stored = [*haystack.in_redis(0), *haystack.tables()]
    assert [place for place, data in stored if b"203.0.113.7" in data] == []
    # All addresses together: twenty times as many.
    datastore.execute(
        "INSERT INTO cpdi.erratum (dataset, received_on, state, language, changed)"
        " SELECT '', now(), 'received', 'en', now() FROM generate_series(1, 56)"
    )
    datastore.execute(
        "INSERT INTO cpdi.erratum_letter (number, about, text, address)"
        " SELECT number, '', 'x', '' FROM cpdi.erratum WHERE dataset = ''"
    )
    assert _status(app, {"REMOTE_ADDR": "203.0.113.79"}) == 429


def _status(app, environ):
    data = {"dataset": DATASET, "text": "The month is wrong", "stamp": stamp(app)}
    return app.post(FORM, data=data, environ_overrides=environ, follow_redirects=False).status_code


def test_a_denied_record_cannot_be_told_from_any_other(app):
    """The form looks nothing up, so that its pages are the same but for the words of who asks."""
    denied, other = "25-000007", "25-000008"
    from ckanext.cpdi.desk import deny

    with config.store() as store:
        deny.deny(store, deny.preview(store, DATASET, [denied]).keys, "sealed", "tests", at_once=True)
    pages = [app.get(f"{FORM}?dataset={DATASET}&about={number}").body for number in (denied, other)]
    assert len({re.sub(r'name="stamp" value="[^"]+"|25-00000[78]', "", page) for page in pages}) == 1
    for number, about in ((1, denied), (2, other)):
        assert report(app, about=about) == number
    public = [app.get(f"/corrections/{number}").body for number in (1, 2)]
    assert len({re.sub(r"corrections/[12]|(no\.|n.º) [12]", "", page) for page in public}) == 1


def test_links_bring_the_dataset_and_the_record(app):
    page = app.get(f"{FORM}?dataset={DATASET}&about=%22%3E25-1").body
    assert f'<option value="{DATASET}" selected>' in page
    assert 'value="&#34;&gt;25-1"' in page
    assert f"{FORM}?dataset={DATASET}" in app.get(f"/dataset/{DATASET}").body
    assert FORM in app.get("/").body


def test_only_staff_read_what_was_written_and_answer(app, editor, stranger, sysadmin):
    number = report(app)
    for user in (None, stranger):
        headers = user["headers"] if user else {}
        for path in (DESK, f"{DESK}/{number}"):
            assert app.get(path, headers=headers).status_code == 403
        for path in (f"{DESK}/{number}", f"{DESK}/{number}/remove"):
            assert app.post(path, data={"state": "corrected"}, headers=headers).status_code == 403
    for user in (editor, sysadmin):
        for path in (DESK, f"{DESK}/{number}"):
            answer = app.get(path, headers=user["headers"])
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "private, no-store"
        page = app.get(f"{DESK}/{number}", headers=user["headers"]).body
        assert SECRET in page
        assert RECORD in page
        assert ADDRESS in page
    assert app.get(f"{DESK}/99", headers=editor["headers"]).status_code == 404


def test_the_desk_counts_what_waits(app, editor):
    assert "Reported errors wait" not in app.get("/status/desk", headers=editor["headers"]).body
    numbers = [report(app), report(app)]
    assert "2 reports, the first since" in app.get("/status/desk", headers=editor["headers"]).body
    for number in numbers:
        respond(app, editor, number)
    assert "Reported errors wait" not in app.get("/status/desk", headers=editor["headers"]).body


def test_an_answer_is_published_and_changed(app, editor):
    number = report(app)
    respond(app, editor, number, state="looked_at", summary="", answer="")
    assert "Being looked at" in app.get(f"/corrections/{number}").body
    assert respond(app, editor, number).status_code == 302
    page = app.get(f"/corrections/{number}").body
    for words in ("Corrected", "The team of 12 July", "Corrected on 14 July."):
        assert words in page
    assert editor["name"] not in page
    respond(app, editor, number, state="no_error", answer="It was right.")
    assert "It was right." in app.get(f"/corrections/{number}").body


def test_an_answer_says_what_and_why(app, editor):
    number = report(app)
    for state in ("corrected", "no_error", "not_correctable"):
        page = respond(app, editor, number, state=state, summary="", answer=" ").body
        assert "what the report is about" in page
        assert "what came of it" in page
        respond(app, editor, number, state="solved")
    assert "Received" in app.get(f"/corrections/{number}").body


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Officer Quincy Marrowby wrote it", "person&#39;s name"),
        ("Call 843-555-0123", "telephone number"),
        ("Write to somebody@example.org", "e-mail address"),
        ("Her date of birth is 03/04/1990", "date of birth"),
        (f"Record {RECORD}", "as the visitor wrote it"),
    ],
)
def test_what_may_name_somebody_is_looked_at_before_it_is_published(app, editor, caplog, text, words):
    number = report(app)
    caplog.set_level(logging.DEBUG)
    page = respond(app, editor, number, answer=text)
    assert page.status_code == 200
    assert words in page.body
    assert text in page.body
    assert text not in app.get(f"/corrections/{number}").body
    mark = re.search(r'name="looked_at" value="([0-9a-f]{64})"', page.body)[1]
    assert respond(app, editor, number, answer=f"{text} again", looked_at=mark).status_code == 200
    assert respond(app, editor, number, answer=text, looked_at=mark).status_code == 302
    assert text in app.get(f"/corrections/{number}").body
    assert text not in caplog.text


def test_advertising_is_deleted_and_its_number_not_given_again(app, editor):
    number = report(app)
    answer = app.post(f"{DESK}/{number}/remove", headers=editor["headers"], follow_redirects=False)
    assert answer.status_code == 302
    assert app.get(f"/corrections/{number}").status_code == 404
    assert datastore.execute("SELECT count(*) FROM cpdi.erratum_letter") == [(0,)]
    assert report(app) == number + 1


def test_the_list_is_filtered_and_searched(app, editor):
    portal, calls, waits = report(app, dataset=""), report(app), report(app)
    respond(app, editor, portal, summary="A link to the licence", state="no_error")
    respond(app, editor, calls, summary="Las horas estaban mal", answer="Se corrigieron.", language="es")

    def listed(query):
        return [int(number) for number in re.findall(r'/corrections/(\d+)">No\.', app.get(f"/corrections{query}").body)]

    assert listed("") == [waits, calls, portal]
    assert listed("?state=corrected") == [calls]
    assert listed(f"?dataset={DATASET}") == [waits, calls]
    assert listed("?q=links") == [portal]
    assert listed("?q=hora") == [calls]
    assert listed(f"?q={waits}") == [waits]
    assert listed("?state=x&dataset=y&page=-1&q=%00") == [waits, calls, portal]
    assert listed("?q=%22(%26") == []
    assert listed("?page=2") == []
    assert listed("?q=nothing+such") == []


def test_the_feed_has_states_and_answers(app, editor):
    import xml.etree.ElementTree as xml

    first, second = report(app), report(app)
    respond(app, editor, first)
    answer = app.get("/corrections.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    space = "{http://www.w3.org/2005/Atom}"
    entries = xml.fromstring(answer.body).findall(f"{space}entry")
    assert [entry.find(f"{space}title").text for entry in entries] == [
        f"Reported error no. {first}: Corrected",
        f"Reported error no. {second}: Received",
    ]
    assert "Corrected on 14 July." in entries[0].find(f"{space}content").text
    # The hour in which somebody wrote is not told.
    assert entries[1].find(f"{space}updated").text.endswith("T00:00:00+00:00")


def test_reports_on_a_private_dataset_are_not_there_for_readers(app, editor, sysadmin):
    number = report(app)
    tk.get_action("package_patch")({**sysadmin["context"]}, {"id": DATASET, "private": True})
    assert app.get(f"/corrections/{number}").status_code == 404
    assert f"/corrections/{number}" not in app.get("/corrections").body
    assert f"/corrections/{number}" not in app.get("/corrections.atom").body
    assert sent(app).status_code == 400
    assert app.get(f"/corrections/{number}", headers=editor["headers"]).status_code == 200


def test_staff_are_told_of_the_number_once_an_hour_and_of_nothing_else(app, inbox):
    from ckanext.cpdi.notify import alert

    alert.tell_errata()
    first = report(app)
    alert.tell_errata()
    second = report(app)
    alert.tell_errata()
    assert len(inbox.mails) == 1
    assert f"no. {first}" in inbox.body()
    datastore.execute("UPDATE cpdi.alert SET sent = sent - interval '61 minutes'")
    alert.tell_errata()
    assert f"no. {first}, no. {second}" in inbox.body()
    alert.tell_errata()
    assert len(inbox.mails) == 2
    for mail in inbox.mails:
        for needle in (SECRET, ADDRESS, RECORD):
            assert needle not in mail.as_string()
        assert "/status/corrections" in mail.get_content()


def test_the_pages_are_in_spanish(app, editor):
    number = report(app)
    for path, words in (
        ("/corrections", "Errores comunicados"),
        (FORM, "Qué está mal"),
        (f"/corrections/{number}?new=1", "Su aviso tiene el número"),
    ):
        assert words in app.get(f"/es{path}").body
    for path, words in ((DESK, "Errores que comunicaron los lectores"), (f"{DESK}/{number}", "Lo que escribió")):
        assert words in app.get(f"/es{path}", headers=editor["headers"]).body
    assert (
        "/es/corrections/"
        in app.post(
            f"/es{FORM}", data={"text": "El mes está mal", "stamp": stamp(app)}, follow_redirects=False
        ).headers["Location"]
    )
