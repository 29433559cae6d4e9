"""The records desk's pages: who may see them, that a form is asked twice, and that nothing of it goes astray."""

import re

import pytest
from helpers import desk
from helpers.feeds import DATASET, write_calls
from helpers.users import browser

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import approval, publish

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
SECRET = "25-000007"


@pytest.fixture
def admin(portal):
    from helpers.users import signed_in

    return signed_in(capacity="admin")


@pytest.fixture
def published(portal, tmp_path):
    path = write_calls(tmp_path / "calls.csv", range(1, 41))
    assert load.run(DATASET, str(path), label="night", trusted_path=True).state == "published"
    publish.publish(DATASET, config.profile())


def post(app, somebody, path="/status/deny", **form):
    return app.post(path, data=form, headers=somebody["headers"], follow_redirects=False)


def hidden(body):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))


def test_only_those_whom_the_setting_names_see_denied_records(app, editor, stranger, admin, sysadmin):
    assert app.get("/status/deny").status_code == 403
    for somebody, status in ((stranger, 403), (editor, 403), (admin, 200), (sysadmin, 200)):
        assert app.get("/status/deny", headers=somebody["headers"]).status_code == status
        assert post(app, somebody, dataset=DATASET, numbers=SECRET).status_code == status


def test_staff_see_approvals_and_administrators_approve(app, editor, stranger, admin):
    assert app.get("/status/approval").status_code == 403
    assert app.get("/status/approval", headers=stranger["headers"]).status_code == 403
    assert app.get("/status/approval", headers=editor["headers"]).status_code == 200
    assert post(app, editor, "/status/approval", dataset=DATASET).status_code == 403


def test_denying_shows_first_what_it_reaches_and_then_does_it(app, admin, published):
    shown = post(app, admin, dataset=DATASET, numbers=f"{SECRET}\r\n99-1\r\n", why="sealed").get_data(as_text=True)
    assert SECRET not in shown
    assert "2 different record numbers" in shown
    assert SECRET in desk.numbers()
    form = hidden(shown)
    assert form["why"] == "sealed"
    done = post(app, admin, **form)
    assert done.status_code == 302
    assert done.headers["Location"].endswith("/status/deny")
    assert SECRET not in desk.numbers()
    body = app.get("/status/deny", headers=admin["headers"]).get_data(as_text=True)
    assert admin["name"] in body
    assert "Sealed" in body
    assert "Calls for Service and Officer Initiated Calls: 2" in body
    again = post(app, admin, dataset=DATASET, numbers=SECRET, remove="yes").get_data(as_text=True)
    assert "Take them off the list" in again
    post(app, admin, **hidden(again))
    with config.store() as store:
        assert len(store.privacy.listed()) == 1


def test_the_job_that_follows_rids_the_files_of_it(app, admin, published, folders):
    from ckan.lib import jobs

    jobs.get_queue().empty()
    post(app, admin, **hidden(post(app, admin, dataset=DATASET, numbers=SECRET).get_data(as_text=True)))
    assert list(desk.files_with(folders["files"], SECRET))
    for queued in jobs.get_queue().jobs:
        queued.perform()
        queued.delete()
    assert list(desk.files_with(folders["files"], SECRET)) == []
    with config.store() as store:
        assert store.privacy.purges(DATASET) == []


def test_what_is_wrong_is_said_without_a_number(app, admin, published):
    for form in (
        {"dataset": DATASET, "numbers": " \n"},
        {"dataset": SECRET, "numbers": SECRET},
        {"dataset": DATASET, "keys": f"{DATASET}:{SECRET}"},
        {"dataset": DATASET, "keys": f"nowhere:{'0' * 16}"},
        {"dataset": DATASET, "keys": f"{DATASET}:{'0' * 16}", "why": SECRET},
    ):
        body = post(app, admin, **form).get_data(as_text=True)
        assert 'role="alert"' in body
        assert SECRET not in body
    with config.store() as store:
        assert store.privacy.listed() == []


def test_no_cache_keeps_the_pages(app, admin, sysadmin):
    for path in ("/status/deny", "/status/approval"):
        assert app.get(path, headers=admin["headers"]).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/status/deny", "/status/approval"])
def test_a_form_without_this_sessions_token_is_refused(app, sysadmin, monkeypatch, path):
    app.get(path)  # an anonymous look, after which CKAN no longer checks by itself
    client = browser(app, sysadmin["name"])
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    assert client.post(path, data={"dataset": DATASET, "numbers": SECRET}).status_code == 403


def test_an_approval_counts_for_the_version_that_was_shown(app, admin, published):
    with config.store() as store:
        seen = approval.rules(store, DATASET).version
    body = app.get("/status/approval", headers=admin["headers"]).get_data(as_text=True)
    assert seen in body
    assert "the demo itself" in body
    assert "look again" in post(app, admin, "/status/approval", dataset=DATASET, version="older").get_data(as_text=True)
    assert post(app, admin, "/status/approval", dataset=DATASET, version=seen).status_code == 302
    with config.store() as store:
        assert store.approvals.latest(DATASET, demo=False).who == admin["name"]


def test_numbers_are_not_taken_from_an_address(app, sysadmin):
    for action in ("cpdi_deny", "cpdi_deny_preview"):
        address = f"/api/3/action/{action}?dataset={DATASET}&numbers={SECRET}"
        assert app.get(address, headers=sysadmin["headers"]).status_code == 400


def test_the_status_page_leads_staff_there_and_nobody_else(app, admin):
    assert "/status/deny" not in app.get("/status").get_data(as_text=True)
    body = app.get("/status", headers=admin["headers"]).get_data(as_text=True)
    assert 'href="/status/deny"' in body
    assert 'href="/status/approval"' in body
