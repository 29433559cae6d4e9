"""Staff's pages of the archive: who may see them, how a file becomes public, and that nothing of a held one leaves."""

from __future__ import annotations

import io
import logging
import re
from datetime import date
from urllib.parse import urlsplit

import psycopg
import pytest
from ckan.tests import factories
from helpers.pdfs import drawn, lines, written
from helpers.users import signed_in
from PIL import Image

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.selection.reports import archive

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

SERIES = "compstat-reports"
PAGE = "/status/reports"
SECRET = "Q. Marrow Quillfeather"


@pytest.fixture
def elsewhere(portal):
    """An editor of another organization."""
    user = signed_in()
    factories.Organization(name="elsewhere", users=[{"name": user["name"], "capacity": "editor"}])
    return user


@pytest.fixture
def report(tmp_path):
    return written(tmp_path / "Compstat 2024-03-24.pdf", ["Compstat"], [f"The second page names {SECRET}"])


@pytest.fixture
def covered(tmp_path):
    """A report with a name under a black bar."""

    def page(canvas):
        lines("Compstat", SECRET)(canvas)
        canvas.rect(50, 690, 300, 20, fill=1)

    return drawn(tmp_path / "Compstat 2024-03-17.pdf", page)


def add(app, user, *paths, series=SERIES):
    files = [(io.BytesIO(path.read_bytes()), path.name) for path in paths]
    data = {"series": series, "upload": files}
    return place(app.post(PAGE, data=data, headers=user["headers"], follow_redirects=False))


def place(answer):
    """The path to which an answer leads."""
    assert answer.status_code == 302
    return urlsplit(answer.headers["Location"]).path


def get(app, user, path, status=200):
    answer = app.get(path, headers=user["headers"] if user else {})
    assert answer.status_code == status, path
    return answer


def held():
    with config.store() as store:
        return store.reports.held()


def editions():
    with psycopg.connect(config.read_dsn()) as connection:
        return archive.editions(connection, SERIES)


def test_only_staff_of_the_organization_come_to_these_pages(app, report, editor, stranger, elsewhere, sysadmin):
    page = add(app, editor, report)
    paths = (PAGE, f"{PAGE}/{SERIES}", page, f"{page}/page/2.webp")
    for user in (None, stranger, elsewhere):
        headers = user["headers"] if user else {}
        for path in paths:
            assert app.get(path, headers=headers).status_code == 403, path
        for step in ("", f"/report/{held()[0].id}/release", f"/report/{held()[0].id}/withdraw"):
            answer = app.post(PAGE + step, data={"series": SERIES, "day": "2024-03-24"}, headers=headers)
            assert answer.status_code == 403, step
    for user in (editor, sysadmin):
        for path in paths:
            assert get(app, user, path).headers["Cache-Control"] == "private, no-store", path
    assert [entry.state for entry in held()] == ["held"]
    assert editions() == []


def test_a_file_is_examined_shown_and_published_by_staff(app, report, editor):
    page = add(app, editor, report)
    assert 'value="2024-03-24"' in get(app, editor, page).body
    assert get(app, editor, PAGE).body.count(str(held()[0].id)) == 1
    done = app.post(
        f"{page}/release",
        data={"day": "2024-03-24", "note": "looked at"},
        headers=editor["headers"],
        follow_redirects=False,
    )
    assert place(done) == f"{PAGE}/{SERIES}"
    (edition,) = editions()
    assert (edition.period_start, edition.period_end) == (date(2024, 3, 18), date(2024, 3, 24))
    with config.store() as store:
        published = store.reports.get(edition.id)
    assert (published.decided_by, published.note) == (editor["name"], "looked at")
    assert "2024-03-24.pdf" in app.get(f"/api/3/action/package_show?id={SERIES}").body


def test_the_period_is_proposed_and_staff_correct_it(app, tmp_path, editor):
    page = add(app, editor, written(tmp_path / "final copy.pdf", ["Compstat"]))
    assert 'name="day" value=""' in get(app, editor, page).body
    for day, words in (("", "any day of it"), ("2099-01-01", "still to come"), ("31/12/2024", "Write a day")):
        answer = app.post(f"{page}/release", data={"day": day}, headers=editor["headers"])
        assert words in answer.body, day
    answer = app.post(f"/es{page}/release", data={"day": "2099-01-01"}, headers=editor["headers"])
    assert "El período termina el 2099-01-04, que aún no ha llegado." in answer.body
    assert editions() == []
    app.post(f"{page}/release", data={"day": "2024-03-20"}, headers=editor["headers"])
    assert editions()[0].period_end == date(2024, 3, 24)


def test_what_was_noticed_is_shown_with_its_page_and_a_picture(app, covered, editor):
    page = add(app, editor, covered)
    body = get(app, editor, page).body
    assert "Text under a filled shape" in body
    assert f"{page}/page/1.webp" in body
    picture = get(app, editor, f"{page}/page/1.webp")
    assert picture.headers["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.width == 1000
        framed = [pixel for pixel in image.convert("RGB").getdata() if pixel[0] > 140 and max(pixel[1:]) < 70]
    assert len(framed) > 1000
    get(app, editor, f"{page}/page/2.webp", 404)


def test_a_report_with_a_covered_name_waits_in_a_run_and_its_page_is_linked(app, covered, folders, editor):
    (folders["drop"] / "reports").mkdir()
    (folders["drop"] / "reports" / covered.name).write_bytes(covered.read_bytes())
    run = load.run(SERIES, "drop:reports", label="reports")
    assert dict(run.withheld_reasons) == {"report_noticed": 1}
    body = get(app, editor, f"/status/runs/{run.run}").body
    assert covered.name in body
    assert f"{PAGE}/report/{held()[0].id}" in body
    public = get(app, None, f"/status/runs/{run.run}").body
    assert covered.name not in public
    assert str(held()[0].id) not in public
    for path in ("/status", f"/status/runs?dataset={SERIES}"):
        assert f"/status/runs/{run.run}" in get(app, None, path).body


def test_a_refused_file_is_gone_and_not_taken_again(app, report, editor):
    page = add(app, editor, report)
    app.post(f"{page}/withdraw", data={"note": ""}, headers=editor["headers"])
    assert held() == []
    assert list((config.private_path() / "reports" / SERIES).glob("*")) == []
    get(app, editor, page, 404)
    again = add(app, editor, report)
    assert again == f"{PAGE}/{SERIES}"
    assert held() == []


def test_a_published_report_is_withdrawn_with_a_reason_alone(app, report, editor):
    page = add(app, editor, report)
    app.post(f"{page}/release", data={"day": "2024-03-24"}, headers=editor["headers"])
    answer = app.post(f"{page}/withdraw", data={"note": " "}, headers=editor["headers"])
    assert "Say why" in answer.body
    assert len(editions()) == 1
    app.post(f"{page}/withdraw", data={"note": "a name on page 2"}, headers=editor["headers"])
    assert editions() == []
    assert app.get(f"/reports/{SERIES}/2024-03-24.pdf").status_code == 404
    assert "2024-03-24" not in app.get(f"/api/3/action/package_show?id={SERIES}").body


def test_several_files_are_taken_at_once_and_what_is_no_report_is_said(app, report, covered, tmp_path, editor):
    page = tmp_path / "page.pdf"
    page.write_text("<!DOCTYPE html><title>no report</title>")
    answer = add(app, editor, report, covered, page)
    assert answer == f"{PAGE}/{SERIES}"
    assert len(held()) == 2
    shown = app.post(
        PAGE,
        data={"series": SERIES, "upload": [(io.BytesIO(page.read_bytes()), "page.pdf")]},
        headers=editor["headers"],
        follow_redirects=True,
    )
    assert "This file is a web page and not a PDF" in shown.body


def test_the_same_file_leads_to_the_report_that_it_is(app, report, editor):
    first = add(app, editor, report)
    assert add(app, editor, report) == first
    assert len(held()) == 1


def test_no_text_of_a_held_report_is_in_logs_or_public_pages(app, report, covered, editor, caplog):
    caplog.set_level(logging.DEBUG)
    for path in (report, covered):
        add(app, editor, path)
    assert SECRET not in caplog.text
    for path in ("/", "/status", "/status/runs", f"/dataset/{SERIES}", f"/api/3/action/package_show?id={SERIES}"):
        body = app.get(path).body
        assert SECRET not in body
        assert not re.search(r"2024-03-(24|17)", body), path


def test_the_records_desk_is_told_which_reports_have_a_number_that_is_denied(app, tmp_path, editor, sysadmin):
    page = add(app, editor, written(tmp_path / "Compstat 2024-03-24.pdf", ["Compstat"], ["See incident 25-000007"]))
    told = app.post(
        "/status/deny", data={"dataset": "calls-for-service", "numbers": "25-000007"}, headers=sysadmin["headers"]
    )
    assert page in told.body
    assert "page 2" in told.body
    other = app.post(
        "/status/deny", data={"dataset": "calls-for-service", "numbers": "25-000008"}, headers=sysadmin["headers"]
    )
    assert page not in other.body


def test_the_pages_are_in_spanish(app, covered, editor):
    page = add(app, editor, covered)
    for path, words in ((PAGE, "Informes para el personal"), (page, "Texto bajo una forma opaca")):
        assert words in get(app, editor, f"/es{path}").body


def test_why_files_wait_or_were_refused_is_said_in_the_language_of_the_page(app, tmp_path, editor, covered):
    (tmp_path / "Compstat 2024-03-24.pdf").write_text("<!DOCTYPE html><title>Sign in</title>")
    run = load.run(SERIES, str(tmp_path), label="folder", trusted_path=True).run
    spanish, english = (get(app, editor, f"{prefix}/status/runs/{run}").body for prefix in ("/es", ""))
    assert "<small>Mírelo antes de que se publique: texto bajo una forma opaca en la página 1" in spanish
    assert "<small>Este archivo es una página web y no un PDF, diga lo que diga su nombre.</small>" in spanish
    assert "<small>This file is a web page and not a PDF, whatever its name says.</small>" in english
    assert 'lang="en"' not in spanish[spanish.index("<main") : spanish.index("</main")]
