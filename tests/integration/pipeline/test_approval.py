"""A table is private until somebody approves its privacy rules, and changed rules wait for the next approval."""

import re
from pathlib import Path

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore, desk
from helpers.demo import set_up
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import approval, publish
from ckanext.cpdi.pipeline.approval import ApprovalError
from ckanext.cpdi.services.http import access

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def department(folders, whole_db):
    """A portal after ``ckan cpdi init`` that is no demo: nobody has approved anything."""
    set_up(approved=False)


@pytest.fixture
def store(department):
    with config.store() as opened:
        yield opened


@pytest.fixture
def night(department, tmp_path):
    def run(count=40, profile="", **options):
        path = write_calls(tmp_path / f"calls-{count}.csv", range(1, count + 1))
        report = load.run(DATASET, str(path), profile, label="night", trusted_path=True, **options)
        if report.state in ("published", "unchanged"):
            publish.publish(DATASET, publish.profile_of(DATASET))
        access.forget()
        return report

    return run


def private():
    return call_action("package_show", context={"ignore_auth": True}, id=DATASET)["private"]


def seen(app):
    """What anybody gets: file, page, API."""
    access.forget()
    from ckanext.cpdi.catalog.parts import resource_id

    paths = (
        f"/data/{DATASET}.csv",
        f"/data/{DATASET}/2025.csv",
        f"/dataset/{DATASET}",
        f"/api/3/action/datastore_search?resource_id={resource_id(DATASET)}",
        f"/datastore/dump/{resource_id(DATASET)}",
    )
    return [app.get(path, follow_redirects=True).status_code for path in paths]


@pytest.fixture
def tightened(tmp_path):
    """The site's profile with one rule changed: a file of its own, as a department would edit it."""
    folder = config.profile().folder
    path = tmp_path / "charleston.yaml"
    text = Path(folder, "charleston.yaml").read_text().replace("minimum_addresses: 8", "minimum_addresses: 9")
    text = text.replace("charleston/", f"{folder}/charleston/")
    path.write_text(text)
    return str(path)


def test_a_new_department_is_seen_by_staff_alone_until_its_rules_are_approved(app, night, store):
    assert private()
    assert night().state == "published"
    assert private()
    assert all(status in (403, 404) for status in seen(app)), seen(app)
    found = approval.approve(store, DATASET, "officer")
    assert not private()
    assert seen(app) == [200] * 5
    assert found.approved
    assert found.approval.who == "officer"


def test_a_dataset_that_is_made_after_its_rules_were_approved_is_public(folders, clean_db, clean_index, clean_store):
    """Whoever makes it: a run, ``ckan cpdi init``, the action."""
    from ckanext.cpdi.catalog.department import ensure_all

    with config.store() as store:
        store.approvals.approve(DATASET, "354f8af5ec4d", "charleston 1", "officer")
    assert f"dataset {DATASET}" in ensure_all()
    assert not private()
    assert call_action("package_show", context={"ignore_auth": True}, id="electronic-citations")["private"]


def test_what_is_approved_is_public_and_by_whom_is_not(app, night, store):
    night()
    version = approval.approve(store, DATASET, "an-officer").version
    for path in (f"/dataset/{DATASET}", "/status"):
        body = app.get(path).get_data(as_text=True)
        assert version in body
        assert "an-officer" not in body


def test_changed_rules_hold_the_run_and_the_old_rows_stay_public(app, night, store, tightened):
    night()
    before = approval.approve(store, DATASET, "officer").version
    held = night(60, tightened)
    assert held.state == "held"
    assert "ckan cpdi approve" in held.message
    assert before in held.message
    assert len(desk.numbers()) == 40
    assert seen(app) == [200] * 5
    with pytest.raises(ApprovalError, match="look again"):
        approval.approve(store, DATASET, "officer", reviewed_version=before)
    now = approval.approve(store, DATASET, "officer")
    assert now.version != before
    assert night(60, tightened).published == 60
    assert not private()


def test_a_held_run_that_is_released_waits_for_approval_all_the_same(night, store, tightened):
    night()
    approval.approve(store, DATASET, "officer")
    held = night(60, tightened)
    store.ledger.release(held.run)
    assert night(60, tightened).state == "held"


def test_going_back_to_rules_of_before_wants_approval_again(night, store, tightened):
    night()
    approval.approve(store, DATASET, "officer")
    night(60, tightened)
    approval.approve(store, DATASET, "officer")
    night(60, tightened)
    assert night(50).state == "held"


def test_new_places_are_new_rules(night, store, tmp_path):
    from ckanext.cpdi.desk.gazetteer import build_from

    night()
    approval.approve(store, DATASET, "officer")
    points = [f"{number} King St,-79.9{number},32.7{number}" for number in range(300, 330)]
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["address,longitude,latitude", *points, ""]))
    build_from(DATASET, [path], again=True)
    assert night(60).state == "held"


def test_there_is_nothing_to_approve_before_there_are_places(store):
    with pytest.raises(ApprovalError, match="no places yet"):
        approval.approve(store, DATASET, "officer")
    with pytest.raises(ApprovalError, match="no table"):
        approval.rules(store, "compstat-reports")


def test_a_table_whose_feed_has_no_address_is_opened_all_the_same(store, tmp_path):
    """Points alone, as some departments give them."""
    path = write_calls(tmp_path / "points.csv", range(1, 41))
    path.write_text(re.sub(r"\d+ Queen St", "", path.read_text()))
    assert load.run(DATASET, str(path), label="night", trusted_path=True).state == "published"
    assert approval.approve(store, DATASET, "officer").approved
    assert not private()


def test_a_damaged_places_file_is_told_where_rules_are_listed_and_nothing_can_be_approved(night, store):
    night()
    config.places_path("charleston").write_bytes(b"")
    assert "cannot be used" in approval.rules(store, DATASET).problem
    with pytest.raises(ApprovalError, match="cannot be used"):
        approval.approve(store, DATASET, "officer")


def test_nobody_opens_a_dataset_by_another_door(night, editor, sysadmin):
    night()
    for somebody in (editor, sysadmin):
        with pytest.raises(tk.ValidationError, match="approved the privacy rules"):
            call_action("package_patch", context=dict(somebody["context"]), id=DATASET, private=False)
        with pytest.raises(tk.ValidationError, match="approved the privacy rules"):
            call_action(
                "bulk_update_public",
                context=dict(somebody["context"]),
                datasets=[call_action("package_show", context={"ignore_auth": True}, id=DATASET)["id"]],
                org_id=config.organization(),
            )
    assert private()


@pytest.fixture
def editor(department):
    from helpers.users import signed_in

    return signed_in(capacity="editor")


@pytest.fixture
def sysadmin(department):
    from helpers.users import signed_in

    return signed_in(sysadmin=True)


def test_staff_may_hide_what_is_approved_and_a_later_approval_does_not_open_it(night, store, sysadmin):
    night()
    approval.approve(store, DATASET, "officer")
    call_action("package_patch", context=dict(sysadmin["context"]), id=DATASET, private=True)
    approval.approve(store, DATASET, "officer")
    assert private()


def test_a_dataset_that_was_public_before_is_closed_before_new_rows_come(night, store):
    from ckan import model

    package = model.Package.get(DATASET)
    package.private = False
    model.repo.commit()
    night()
    assert private()


def test_the_role_is_a_setting(department, editor, sysadmin, ckan_config, monkeypatch):
    from helpers.users import signed_in

    admin = signed_in(capacity="admin")
    assert [approval.may_approve(one["name"]) for one in (editor, admin, sysadmin)] == [False, True, True]
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.approvers", "sysadmin")
    assert [approval.may_approve(one["name"]) for one in (editor, admin, sysadmin)] == [False, False, True]


def test_a_demo_approves_what_it_is_given_and_a_real_portal_takes_no_word_of_it(
    night, store, ckan_config, monkeypatch, tightened
):
    approval.approve_demo(store, "")
    assert not private()
    assert night().state == "published"
    assert night(60, tightened).state == "published"
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    assert approval.current_approval(store, DATASET) is None
    assert approval.enforce(store, DATASET)
    assert private()
    assert night(50, tightened).state == "published"
    assert private()


def test_the_log_of_approvals_cannot_be_edited(night, store):
    import psycopg

    night()
    approval.approve(store, DATASET, "officer")
    with psycopg.connect(datastore.dsn()) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("UPDATE cpdi.approval SET who = 'nobody'")
