"""``/data`` when something changes: a new version, no version yet, a dataset made private or deleted."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from helpers.feeds import write_calls
from helpers.files import NAME, URL, get, publish

from ckanext.cpdi.jobs import load
from ckanext.cpdi.services import downloads
from ckanext.cpdi.services.http import access

PATHS = (f"{URL}.csv", f"{URL}/2024.csv", f"{URL}/datapackage.json")


@pytest.fixture
def served(portal, app):
    publish("20261124-7")
    return app


def test_a_new_version_has_another_etag_and_no_earlier_date(served):
    first = get(served, f"{URL}.csv")
    publish("20261125-8", rows=3)
    second = get(served, f"{URL}.csv", If_None_Match=first.headers["ETag"])
    assert second.headers["ETag"] != first.headers["ETag"]
    dates = [parsedate_to_datetime(one.headers["Last-Modified"]) for one in (first, second)]
    assert dates == sorted(dates)
    assert second.body.count("\n") == 4
    assert "_20261125-8.csv" in second.headers["Content-Disposition"]


def test_a_part_of_another_version_is_never_mixed_in(served):
    etag = get(served, f"{URL}.csv").headers["ETag"]
    get(served, f"{URL}.csv", status=206, Range="bytes=0-9", If_Range=etag)
    publish("20261125-8")
    whole = get(served, f"{URL}.csv", status=200, Range="bytes=0-9", If_Range=etag)
    assert len(whole.bytes) > 10


def test_a_table_that_no_run_has_published_says_that_there_are_no_rows_yet(portal, app):
    for path in PATHS:
        assert "No rows of this dataset have been published yet" in get(app, path, status=404).body


def test_a_table_that_is_not_built_yet_says_when_to_ask_again(portal, app, tmp_path):
    load.run(NAME, str(write_calls(tmp_path / "calls.csv", range(1, 4))), label="calls", trusted_path=True)
    for path in PATHS:
        response = get(app, path, status=503)
        assert int(response.headers["Retry-After"]) > 0
        assert "not been built yet" in response.body


def hide(private=True):
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": NAME, "private": private}
    )
    access.forget()


def test_a_private_dataset_looks_like_one_that_never_was(served):
    hide()
    never = get(served, "/data/nothing.csv", status=404)
    for path in (
        f"{URL}.csv",
        f"{URL}/2024.kml",
        f"{URL}.csv.datapackage.json",
        f"{URL}/datapackage.json",
        f"{URL}.csv?x=1",
    ):
        response = get(served, path, status=404)
        assert response.body == never.body
        assert NAME not in response.body


def test_a_private_dataset_is_served_to_its_staff_and_kept_by_no_cache(served, editor, stranger):
    hide()
    response = served.get(f"{URL}.csv", headers=editor["headers"])
    assert response.headers["Cache-Control"] == "private, no-store"
    served.get(f"{URL}.csv", headers=stranger["headers"], status=404)
    get(served, f"{URL}.csv", status=404)


def test_a_dataset_made_private_is_gone_within_a_minute(served, monkeypatch):
    get(served, f"{URL}.csv")
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": NAME, "private": True}
    )
    now = access.time.monotonic()
    monkeypatch.setattr(access.time, "monotonic", lambda: now + access.SECONDS + 1)
    get(served, f"{URL}.csv", status=404)


def test_a_deleted_dataset_is_served_to_nobody(served, sysadmin):
    model.Package.get(NAME).state = "deleted"  # which CKAN's form and API refuse to do
    model.repo.commit()
    access.forget()
    get(served, f"{URL}.csv", status=404)
    served.get(f"{URL}.csv", headers=sysadmin["headers"], status=404)


def test_a_file_that_goes_again_and_again_is_asked_for_later(served, monkeypatch):
    """A build takes the old file away between the look at the folder and the opening of the file."""
    asked = []

    def gone(*_, **__):
        asked.append(True)
        raise FileNotFoundError

    monkeypatch.setattr(downloads, "send", gone)
    response = get(served, f"{URL}.csv", status=503)
    assert int(response.headers["Retry-After"]) > 0
    assert "being replaced" in response.body
    assert len(asked) == 2
