"""A reader looks at the tables of the OGC service, chooses rows by its form, and opens one of them."""

import pytest

DATASET = "calls-for-service"
ITEMS = f"/ogc/collections/{DATASET}/items"

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    yield opened
    opened.close()


def test_rows_are_chosen_by_the_form(page, address):
    page.goto(f"{address}/ogc")
    page.get_by_role("link", name="Rows, and a form").first.click()
    page.get_by_label("Precision of the time").select_option("hour")
    page.get_by_label("Rows of a page").select_option("10")
    page.get_by_role("button", name="Show rows").click()
    page.wait_for_url("**time_precision=hour**")
    assert page.locator("tbody tr").count() == 10
    assert page.get_by_label("Precision of the time").input_value() == "hour"
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**cursor=**")
    first = page.locator("tbody th a").first
    number = first.inner_text()
    first.click()
    page.wait_for_url(f"**/items/{number}**")
    assert page.locator("h1").inner_text().endswith(f": {number}")


def test_what_is_wrong_is_said_on_a_page(page, address):
    page.goto(f"{address}{ITEMS}?f=html")
    page.get_by_label("Filter in CQL2").fill("team = ")
    page.get_by_role("button", name="Show rows").click()
    assert "filter: " in page.get_by_role("alert").inner_text()


def test_no_page_scrolls_sideways(page, address):
    for path in ("/ogc", "/ogc/conformance", f"/ogc/collections/{DATASET}", ITEMS, f"{ITEMS}/1"):
        assert page.goto(f"{address}{path}?f=html").status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
