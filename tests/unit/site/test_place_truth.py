"""How true places are is said beside the width that the profile declares, from the first run on."""

import dataclasses
from decimal import Decimal

import pytest
from msgspec import structs

from ckanext.cpdi.site.runs import place_truth, run_page
from ckanext.cpdi.site.runs.ledger import PlaceTruth

TRUTH = PlaceTruth(Decimal(97), Decimal(60), Decimal(210), Decimal(100), measured=True)


@pytest.mark.parametrize(
    ("p95", "widest", "sentence"),
    [
        (210, 400, "That is within the 400 m that the profile declares"),
        (400, 400, "That is within the 400 m"),
        (410, 400, "One row in twenty is farther away than the 400 m that the profile declares"),
        (0, 1500, "That is within the 1,500 m"),
    ],
)
def test_the_distance_stands_beside_the_declared_width(p95, widest, sentence):
    truth = dataclasses.replace(TRUTH, p95=Decimal(p95))
    assert sentence in place_truth.sentences(truth, widest, "en")
    assert f"{widest:,}".replace(",", ".") in place_truth.sentences(truth, widest, "es").replace("\xa0", ".")


def test_where_nothing_was_measured_no_width_is_named():
    assert "400" not in place_truth.sentences(dataclasses.replace(TRUTH, measured=False), 400, "en")
    assert place_truth.sentences(None, 400, "en") == ""


def test_the_page_of_a_first_run_says_so_with_the_width_of_the_profile(run, profile, library):
    narrow = structs.replace(profile, places=structs.replace(profile.places, widest_metres=150.0))
    first = dataclasses.replace(run, places=TRUTH)
    for department, sentence in ((profile, "within the 400 m"), (narrow, "farther away than the 150 m")):
        page = run_page.describe(first, library.dataset("calls-for-service"), department, "en")
        assert "95 % within 210 m. " in page.places
        assert sentence in page.places
