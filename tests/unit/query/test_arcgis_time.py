"""``time``, and the conditions that it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.arcgis_time import parse_time
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Interval


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MEANINGS = [
    (None, EVERYTHING),
    ("", EVERYTHING),
    ("null", EVERYTHING),
    ("null,null", EVERYTHING),
    (" , ", EVERYTHING),
    ("0", Interval("happened", at("1970-01-01"), at("1970-01-01T00:00:00.001"))),
    ("1767225600000", Interval("happened", at("2026-01-01"), at("2026-01-01T00:00:00.001"))),
    ("1767225600000, 1767312000000", Interval("happened", at("2026-01-01"), at("2026-01-02T00:00:00.001"))),
    ("[1767225600000,1767312000000]", Interval("happened", at("2026-01-01"), at("2026-01-02T00:00:00.001"))),
    ("1767225600000,null", Interval("happened", at("2026-01-01"), None)),
    ("NULL,1767225600000", Interval("happened", None, at("2026-01-01T00:00:00.001"))),
    ("-86400000,0", Interval("happened", at("1969-12-31"), at("1970-01-01T00:00:00.001"))),
    ("1767312000000,1767225600000", NOTHING),
    ("1767225600000,253402300799999", Interval("happened", at("2026-01-01"), at("9999-12-31T23:59:59.999999"))),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS)
def test_a_time_means_what_it_says(text, meaning):
    assert parse_time(text, "happened") == meaning


@pytest.mark.parametrize("text", ["yesterday", "1,2,3", "1e400", "nan", "2026-01-01", "-99999999999999999", "1" * 5000])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(QueryError, match="milliseconds") as refusal:
        parse_time(text, "happened")
    assert refusal.value.parameter == "time"
