"""A held run is let through with one action: it starts anew, and exactly its feed is published."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore, harvest, queues
from helpers.feeds import DATASET, write_calls
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import tick
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")


@pytest.fixture
def held(folders):
    """A run of a harvest source that is held; gives its number."""
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    source_id = harvest.source()
    for count in (100, 10):
        write_calls(folders["drop"] / "calls.csv", range(1, count + 1))
        harvest.start(source_id)
        Worker().run(drain=True)
    return last().id


def last():
    from ckanext.cpdi import config

    with config.store() as store:
        return store.ledger.runs(DATASET, limit=1)[0]


def rows():
    return datastore.rows(resource_id(DATASET))


def release(somebody, run):
    return call_action("cpdi_run_release", context=dict(somebody["context"]), run=run)


def test_one_action_publishes_a_held_run(held, editor):
    assert (last().state, rows()) == ("held", 100)
    answer = release(editor, held)
    assert queues.waiting()["gather"] == [answer["job"]]
    Worker().run(drain=True)
    assert harvest.messages(answer["job"]) == []
    assert (last().state, rows()) == ("published", 10)
    assert [one.code for one in last().objections] == ["shrunk"]


def test_exactly_that_feed_goes_through(held, editor, folders):
    write_calls(folders["drop"] / "calls.csv", range(1, 6))
    answer = release(editor, held)
    Worker().run(drain=True)
    assert "shrink" in harvest.messages(answer["job"])[0]
    assert (last().state, rows()) == ("held", 100)


def test_a_job_whose_message_is_lost_is_queued_by_the_next_tick(held, editor):
    answer = release(editor, held)
    queues.purge()
    tick.tick()
    assert queues.waiting()["gather"] == [answer["job"]]


def test_a_second_click_starts_no_second_job(held, editor):
    assert release(editor, held)["job"]
    assert release(editor, held) == {"run": held, "job": None}


def test_a_run_that_was_loaded_by_hand_is_released_for_its_next_load(editor, tmp_path):
    from ckanext.cpdi.jobs import load

    def night(count):
        path = write_calls(tmp_path / "calls.csv", range(1, count + 1))
        return load.run(DATASET, str(path), label="calls", trusted_path=True)

    night(100)
    assert release(editor, night(10).run)["job"] is None
    assert night(10).state == "published"


def test_a_member_without_the_right_to_edit_may_not(held):
    member = signed_in(capacity="member")
    with pytest.raises(tk.NotAuthorized):
        release(member, held)
    assert rows() == 100


def test_staff_see_every_difference_of_a_run(app, held, editor):
    answer = app.post("/api/3/action/cpdi_run_list", json={"limit": 1}, headers=editor["headers"])
    (run,) = answer.json["result"]
    (found,) = run["objections"]
    assert {name: found[name] for name in ("code", "before", "after", "field", "holds")} == {
        "code": "shrunk",
        "before": 100,
        "after": 10,
        "field": "",
        "holds": True,
    }
    assert run["feed"]["rows"] == 10
    assert "Problem" in run["feed"]["headers"]
