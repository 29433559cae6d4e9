"""Which ``Range`` headers get a part of a file, by RFC 9110."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ckanext.cpdi.services.http.ranges import is_empty, is_wanted

AT = datetime(2026, 11, 24, 3, 0, 0, 250_000, tzinfo=UTC)
DATE = "Tue, 24 Nov 2026 03:00:00 GMT"


def wanted(header, method="GET", condition=""):
    headers = {"Range": header} | ({"If-Range": condition} if condition else {})
    return is_wanted(method, headers, "v1", AT)


@pytest.mark.parametrize(
    "header", ["bytes=0-9", "bytes=5-", "bytes=-7", "Bytes=0-0", "bytes = 0-9", "bytes=0-9,", "bytes=-0"]
)
def test_one_range_of_bytes_is_a_part(header):
    assert wanted(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=0-9,20-29",
        "bytes=-1,-2",
        "items=0-5",
        "bytes=9-5",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "0-9",
        "bytes=1.5-2",
    ],
)
def test_anything_else_is_left_unheeded(header):
    assert not wanted(header)


def test_only_get_has_parts():
    assert not wanted("bytes=0-9", method="HEAD")


@pytest.mark.parametrize("condition", ['"v1"', DATE])
def test_a_part_of_the_very_file_is_sent(condition):
    assert wanted("bytes=0-9", condition=condition)


@pytest.mark.parametrize(
    "condition",
    ['W/"v1"', 'w/"v1"', '"v2"', '"v1-gzip"', "v1", "Tue, 24 Nov 2026 03:00:01 GMT", "yesterday", "*", '"v1", "v2"'],
)
def test_a_condition_that_is_weak_or_of_another_file_gets_all(condition):
    assert not wanted("bytes=0-9", condition=condition)


def test_the_last_no_bytes_are_no_part():
    assert is_empty("bytes=-0")
    assert not any(map(is_empty, ["bytes=-7", "bytes=0-", "bytes=0-0", "items=-0", ""]))
