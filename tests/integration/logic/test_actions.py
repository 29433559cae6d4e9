"""Our actions: who may call them, what they take, what they return."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore

DATASET = "calls-for-service"
ACTIONS = {
    "cpdi_department_init": {},
    "cpdi_dataset_refresh": {"dataset": DATASET},
    "cpdi_run_list": {},
    "cpdi_run_release": {"run": 1},
}


def call(somebody, action, **data):
    return call_action(action, context=dict(somebody["context"]), **data)


def test_anonymous_and_strangers_may_do_nothing(app, stranger):
    for action, body in ACTIONS.items():
        assert app.post(f"/api/3/action/{action}", json=body).status_code == 403, action
        assert app.post(f"/api/3/action/{action}", json=body, headers=stranger["headers"]).status_code == 403, action


def test_staff_see_runs_and_sysadmins_set_up(portal, editor, sysadmin):
    datastore.publish()
    (run,) = call(editor, "cpdi_run_list")
    assert (run["dataset"], run["state"], run["published"]) == (DATASET, "published", 3)
    assert call(editor, "cpdi_run_list", dataset="electronic-citations") == []
    assert call(editor, "cpdi_dataset_refresh", dataset=DATASET) == {"built": False, "refreshed": False}
    with pytest.raises(tk.NotAuthorized):
        call(editor, "cpdi_department_init")
    assert call(sysadmin, "cpdi_department_init") == []


def test_wrong_parameters_are_named(editor):
    with pytest.raises(tk.ValidationError, match="there are calls-for-service"):
        call(editor, "cpdi_run_list", dataset="calls")
    with pytest.raises(tk.ValidationError, match="There is no such table"):
        call(editor, "cpdi_dataset_refresh", dataset="compstat-reports")
    with pytest.raises(tk.ValidationError):
        call(editor, "cpdi_run_release", run="x")
    with pytest.raises(tk.ValidationError) as refused:
        call(editor, "cpdi_run_release", run=4711)
    assert list(refused.value.error_dict) == ["run"]


def test_each_action_says_what_it_takes_and_returns(with_plugins):
    for action in ACTIONS:
        words = tk.get_action(action).__doc__
        assert ":rtype:" in words or ":raises" in words, action
