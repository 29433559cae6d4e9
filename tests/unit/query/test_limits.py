"""How large a question may be, before anything parses it."""

from __future__ import annotations

import pytest

from ckanext.cpdi.query.errors import TooLargeQueryError
from ckanext.cpdi.query.limits import NESTING, TEXT, check_text

HIDDEN = [
    "word IN ('" + ")" * 100 + "'" + ", (" * 60 + "1" + ")" * 60 + ")",
    '"a\\"' + "(" * 60 + '"b" = 1' + ")" * 60,
    '{"a": "' + "]" * 100 + '", "b": ' + "[" * 60 + "]" * 60 + "}",
    '{"a": "\\"' + "]" * 100 + '", "b": ' + "[" * 60 + "]" * 60 + "}",
    "(" * (NESTING + 1),
]


@pytest.mark.parametrize("text", HIDDEN)
def test_brackets_count_though_quoted_ones_would_close_them(text):
    with pytest.raises(TooLargeQueryError, match="deep"):
        check_text(text)


def test_brackets_beside_each_other_are_not_deep():
    assert check_text("(a) " * 1_000)
    assert check_text("(" * NESTING + ")" * NESTING)


def test_a_long_text_is_refused():
    with pytest.raises(TooLargeQueryError, match=str(TEXT)):
        check_text("a" * (TEXT + 1))
