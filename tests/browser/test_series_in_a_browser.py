"""A reader looks through a series by year, with gaps and corrected reports, in both languages, on a phone as well."""

import os
from datetime import date, timedelta

import pytest
from helpers.reports import WEEKLY, publish, week
from test_release_by_keyboard import check, tab_to

pytestmark = pytest.mark.usefixtures("with_plugins", "standing_series")
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
GAP = 5


@pytest.fixture
def standing_series(once):
    once(lambda _folder: fill())


def fill():
    for number in [number for number in range(60) if number != GAP]:
        publish(WEEKLY, week(date(2025, 1, 5) - timedelta(weeks=number)), tagged=number % 3 > 0)
    publish(WEEKLY, week(date(2024, 12, 29)), ["Corrected"])


@pytest.fixture(params=[1280, 390, 320], ids=["desk", "phone", "small"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.width = request.param
    yield opened
    opened.close()


@pytest.mark.parametrize("language", ["", "/es"], ids=["english", "spanish"])
def test_the_page_is_usable_by_everybody(page, address, language):
    page.goto(f"{address}{language}/dataset/{WEEKLY}")
    check(page, f"series{language}")
    page.locator("summary").filter(has_text="2024").click()
    check(page, f"series with a year opened{language}")
    assert page.locator("#y2024 .cp-gap").count() == 1
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/series{language.replace('/', '-')}-{page.width}.png", full_page=True)


def test_a_reader_searches_the_series_and_opens_a_report_by_keyboard(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(f"{address}/dataset/{WEEKLY}")
    page.locator("#reports-q").focus()
    page.keyboard.type("corrected")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/search?q=corrected&series={WEEKLY}")
    tab_to(page, "Week of 23–29 Dec 2024, page 1")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/reports/{WEEKLY}/2024-12-29?page=1&q=corrected")
    page.close()
