"""No page asks a browser for what the portal's own policies forbid: its console stays empty, for readers and staff."""

import pytest
from ckan.tests import factories, helpers
from helpers import console

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id

pytestmark = pytest.mark.usefixtures("with_plugins", "loaded")

PASSWORD = "correct horse battery staple"
TABLE, SERIES = "calls-for-service", "compstat-reports"
READERS = [
    "/", "/es/", "/help", "/status", f"/status/{TABLE}", "/status/runs", "/status/runs/1", "/dataset/",
    f"/dataset/{TABLE}", f"/dataset/{SERIES}", f"/dataset/{TABLE}/changes",
    f"/dataset/{TABLE}/resource/{resource_id(TABLE)}", "/organization/",
    "/user/login", "/nowhere",
]  # fmt: skip
STAFF = [
    "/", "/status/runs/1", "/status/approval", "/status/deny", f"/dataset/edit/{TABLE}",
    f"/dataset/{SERIES}/resource/new",
    f"/dataset/{TABLE}/dictionary/{resource_id(TABLE)}", f"/dataset/activity/{TABLE}",
    "/dashboard/datasets", "/dataset/new",
]  # fmt: skip


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_the_console_stays_empty(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    said = console.said(page)
    for path in READERS:
        page.goto(address + path)
    user = factories.User(password=PASSWORD)
    helpers.call_action("organization_member_create", id=config.organization(), username=user["name"], role="admin")
    page.goto(address + "/user/login")
    page.fill("input[name=login]", user["name"])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    for path in STAFF:
        assert page.goto(address + path).status == 200, path
    page.close()
    assert not [one for one in said if "/nowhere" not in one], "\n".join(said)
