"""The desk: what waits, for staff alone; others are led on."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ckanext.cpdi import config
from ckanext.cpdi.store.reports import Notice, PageText, Received

pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def held():
    name = f"{uuid4()}.pdf"
    received = Received("compstat-reports", name, name, "c", 9, (PageText(1, "Text."),), (Notice(1, "name", "Q. M."),))
    with config.store() as store:
        report = store.reports.receive(received, None)
        yield report
        store.reports.withdraw(report, "test")


def test_staff_see_what_waits_and_where_it_is_done(app, editor, held):
    body = app.get("/status/desk", headers=editor["headers"]).body
    assert 'href="/status/reports/compstat-reports"' in body
    assert "Reports wait for a decision" in body
    assert "Q. M." not in body
    assert "Informes esperan una decisión" in app.get("/es/status/desk", headers=editor["headers"]).body
    assert 'href="/status/desk"' in app.get("/help", headers=editor["headers"]).body


def test_others_are_led_on(app, stranger):
    assert app.get("/status/desk", follow_redirects=False).headers["Location"].endswith("/user/login")
    answer = app.get("/status/desk", headers=stranger["headers"], follow_redirects=False)
    assert answer.headers["Location"].endswith("/dashboard/datasets")
