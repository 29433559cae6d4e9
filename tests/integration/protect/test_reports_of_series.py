"""Files of a series go through the archive, and what it published stands in the catalogue as it says."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action, call_auth
from helpers.pdfs import written
from werkzeug.datastructures import FileStorage

from ckanext.cpdi.jobs import kinds, load

SERIES = "compstat-reports"


@pytest.fixture
def report(portal, folders):
    """A published report as its resource."""
    (folders["drop"] / "reports").mkdir()
    written(folders["drop"] / "reports" / "compstat-2025-12-28.pdf", ["Compstat"])
    assert load.run(SERIES, "drop:reports", label="reports").added == 1
    kinds.follow(SERIES)
    (resource,) = call_action("package_show", id=SERIES)["resources"]
    return resource


def by(user, action, **data):
    return call_action(action, context=dict(user["context"]), **data)


def pdf():
    return FileStorage(io.BytesIO(b"%PDF-1.4 x"), filename="week.pdf", content_type="application/pdf")


def test_a_file_for_a_series_is_refused_with_words_that_say_where_it_goes(portal, editor, sysadmin):
    for user in (editor, sysadmin):
        with pytest.raises(tk.ValidationError, match="cpdi_report_receive"):
            by(user, "resource_create", package_id=SERIES, upload=pdf(), name="Week")
        with pytest.raises(tk.ValidationError, match="cpdi_report_receive"):
            by(user, "resource_create", package_id=SERIES, url="week.pdf", url_type="upload", name="Week")
    link = by(editor, "resource_create", package_id=SERIES, url="https://example.org/about.html", name="About")
    with pytest.raises(tk.ValidationError, match="cpdi_report_receive"):
        by(editor, "resource_patch", id=link["id"], upload=pdf())


def test_the_form_for_a_file_of_a_series_leads_staff_to_the_archive(app, portal, editor, stranger):
    for path in (f"/report-series/{SERIES}/resource/new", f"/dataset/{SERIES}/resource/new"):
        answer = app.get(path, headers=editor["headers"], follow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"/status/reports/{SERIES}")
        for headers in ({}, stranger["headers"]):
            assert app.get(path, headers=headers, follow_redirects=False).status_code == 403


def test_a_report_of_the_archive_is_read_only(report, editor, sysadmin):
    for user in (editor, sysadmin):
        for action in ("resource_update", "resource_delete"):
            with pytest.raises(tk.NotAuthorized, match="archive"):
                call_auth(action, {**user["context"], "model": None}, id=report["id"])
        with pytest.raises(tk.NotAuthorized):
            by(user, "resource_patch", id=report["id"], name="Another")
        with pytest.raises(tk.NotAuthorized):
            by(user, "resource_delete", id=report["id"])
        with pytest.raises(tk.ValidationError, match="archive"):
            by(user, "package_patch", id=SERIES, resources=[])
    forged = {**report, "name": "Another", "url": "https://example.org/other.pdf", "hash": "0"}
    by(editor, "package_patch", id=SERIES, resources=[forged], notes="New words")
    shown = call_action("package_show", id=SERIES)
    assert shown["notes"] == "New words"
    assert {key: shown["resources"][0][key] for key in ("name", "url", "hash", "period_end", "pages")} == {
        key: report[key] for key in ("name", "url", "hash", "period_end", "pages")
    }


def test_a_mark_of_the_archive_on_somebodys_resource_is_taken_off(portal, editor):
    url = "https://example.org/2025-12-28.pdf"
    made = by(editor, "resource_create", package_id=SERIES, url=url, url_type="cpdi", name="Mine")
    assert not made["url_type"]
    by(editor, "resource_delete", id=made["id"])
