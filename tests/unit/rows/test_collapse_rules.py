"""The rules ``any`` and ``latest`` of a record that several rows make: of yes and no, of numbers, of times."""

import polars as pl
import pytest
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROOT, SECRET, calls_feed, frame, library, places_of, plan_for, town

from ckanext.cpdi.declare import Feed, read_library
from ckanext.cpdi.declare.departments.cells import Collapse
from ckanext.cpdi.rows import make_plan, process

CALL = {
    "Incident_Number": "26-000017",
    "Problem": "Traffic Stop",
    "Call_Disposition": "LA_Arrest Made",
    "Call_Datetime": "2026-01-10T13:37:42",
}
PIECES = {"Tag": "FP-0001", "Handed_In": "2025-03-17"}
FORCE = {"Incident_Number": "26-000123", "Date": "2025-05-17"}


def record(folder, table, by, rows, **rules):
    """Return the record that the rows of one number make in ``table``."""
    feed = Feed(default_class="open", collapse=Collapse(by=(by,), columns=rules))
    profile = structs.replace(town(folder), datasets={table.name: feed})
    batch = frame(rows).with_columns(_line=pl.lit(2, pl.UInt32))
    plan = make_plan(table, profile, SECRET, tuple(name for name in batch.columns if name != "_line"))
    (row,) = process(batch, plan, places_of(profile), EMPTY_STATE, NOW).published.to_dicts()
    return row


def force(folder, *cells, **rules):
    rows = [{**FORCE, "NUOFDC": cell} for cell in cells]
    return record(folder, library().dataset("use-of-force"), "Incident_Number", rows, **rules)["nuofdc_reportable"]


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (("N", "Y"), True),
        (("Y", "N", "N"), True),
        (("N", "N"), False),
        (("", "Y"), True),
        (("", "N"), False),
        (("", ""), None),
        (("who knows", "Y"), True),
        (("who knows", ""), None),
    ],
)
def test_any_is_yes_where_one_row_says_yes_and_empty_where_none_says_anything(tmp_path, cells, answer):
    assert force(tmp_path, *cells, nuofdc_reportable="any") is answer
    assert force(tmp_path, *reversed(cells), nuofdc_reportable="any") is answer


def test_without_any_rows_that_do_not_agree_say_nothing(tmp_path):
    assert force(tmp_path, "N", "Y") is None
    assert force(tmp_path, "N", "Y", nuofdc_reportable="first") is False


def pieces(folder, *cells, kind="integer", **rules):
    table = read_library(ROOT / "schemas", [ROOT / "tests" / "tables"]).dataset("found-property")
    typed = {field.name: field for field in table.rows.fields}
    typed["pieces"] = structs.replace(typed["pieces"], type=kind)
    table = structs.replace(table, table=structs.replace(table.rows, fields=tuple(typed.values())))
    return record(folder, table, "Tag", [{**PIECES, "Pieces": cell} for cell in cells], **rules)["pieces"]


@pytest.mark.parametrize(
    ("cells", "kind", "greatest"),
    [
        (("9", "10"), "integer", 10),
        (("10", "9"), "integer", 10),
        (("", "3", ""), "integer", 3),
        (("", ""), "integer", None),
        (("a few", "2"), "integer", 2),
        (("2.25", "2.75"), "number", 2.75),
        (("2.75", "2.25"), "number", 2.75),
        (("1e300", "2"), "number", 1e300),
    ],
)
def test_latest_of_numbers_is_the_greatest_number(tmp_path, cells, kind, greatest):
    assert pieces(tmp_path, *cells, kind=kind, pieces="latest") == greatest


@pytest.mark.parametrize(("rule", "hours"), [("latest", {"18:59"}), ("first", {"18:45", "18:50"})])
def test_latest_of_times_is_the_last_instant_in_whatever_order_rows_come(tmp_path, rule, hours):
    rules = Collapse(by=("Incident_Number",), columns={"first_arrival": rule})
    profile = town(tmp_path, calls_feed(collapse=rules))
    times = ("2026-01-10T13:45:12", "2026-01-10T13:59:00", "", "2026-01-10T13:50:00")
    shown = set()
    for order in (times, times[::-1]):
        rows = [{**CALL, "First_Arrival": arrival} for arrival in order]
        batch = frame(rows).with_columns(_line=pl.lit(2, pl.UInt32))
        outcome = process(batch, plan_for(profile, batch), places_of(profile), EMPTY_STATE, NOW)
        shown.add(outcome.published["first_arrival"].item().strftime("%H:%M"))
    assert shown == hours
