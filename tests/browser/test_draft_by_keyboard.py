"""An administrator drafts a profile: upload, judge, see the effect, approve, with nothing but a keyboard."""

import csv
import os
import re

import pytest
from helpers.usable import check
from helpers.users import PASSWORD, signed_in
from test_release_by_keyboard import tab_to

from ckanext.cpdi import config

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

KINDS = {"Traffic Stop": "o", "Noise Complaint": "r", "Domestic Disturbance": "s"}
"""Each with the letter that chooses its class."""
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures of the page, for whoever wants to look."""


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "calls.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Incident_Number", "Call_Datetime", "Problem", "Address", "X", "Y"])
        for number in range(300):
            time = f"2025-03-{1 + number % 28:02} {8 + number % 12:02}:{number % 60:02}"
            where = [f"{100 + number} Quill St", f"{-79.98 + number / 1e4:.5f}", f"{32.75 + number / 1e4:.5f}"]
            table.writerow([f"25-{number:06}", time, list(KINDS)[number % 3], *where])
    return path


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser, address, app, monkeypatch):
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.width = request.param
    # Chromium is told once that its windows for files are taken over: told with each, a key may come before it knows.
    opened.on("filechooser", lambda _chooser: None)
    opened.goto(f"{address}/user/login")
    opened.fill("input[name=login]", signed_in(capacity="admin")["name"])
    opened.fill("input[name=password]", PASSWORD)
    with opened.expect_navigation():
        opened.press("input[name=password]", "Enter")
    yield opened
    opened.close()


def look(page, name):
    """Check the page, and take its picture where somebody wants to look."""
    check(page, name)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


def choose(page, path):
    """Choose a file in the field that has the focus, as the system’s own window does."""
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(path)


def tab_to_choice(page):
    """Press Tab until the next choice of a class has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "class":
            return
    pytest.fail("no Tab reaches the choice of a class")


def test_from_an_upload_to_an_approved_profile(page, address, export):
    page.goto(f"{address}/status")
    tab_to(page, "A first profile")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/status/profile$"))
    look(page, "begin")
    tab_to(page, "export")
    choose(page, export)
    for field, text in (("city", "Quillport"), ("state", "SC")):
        tab_to(page, field)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Values to be judged").wait_for()
    look(page, "judge")
    for value in [cell.inner_text() for cell in page.locator("tbody th").all()]:
        tab_to_choice(page)
        page.keyboard.type(KINDS[value])
    tab_to(page, "export")
    choose(page, export)
    tab_to(page, "Write the classes down")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What would be published").wait_for()
    effect = re.sub(r"\s+", " ", page.locator("section[aria-labelledby=effect]").inner_text())
    assert effect.lower().startswith("what would be published rows 300 published 300 withheld 0 set aside 0")
    assert "Some rows as they would be shown" in effect
    page.locator("summary", has_text="The profile as it stands").click()
    look(page, "effect")
    tab_to(page, "Approve this profile")
    page.keyboard.press("Enter")
    page.get_by_text("The profile is approved").wait_for()
    (approved,) = (config.private_path() / "profiles").glob("*-quillport/quillport.yaml")
    judged = {code.value: code.privacy[0] for code in config.profile(approved).lists["problem"].codes}
    assert judged == KINDS
