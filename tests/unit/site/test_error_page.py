"""What pages say of errors: no reader meets the name or the sentence that werkzeug has for a status."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import default_exceptions

from ckanext.cpdi.site.error_page import describe


@pytest.mark.parametrize("status", sorted(default_exceptions))
def test_a_status_is_said_in_our_words_in_each_language(status: int):
    theirs = default_exceptions[status]
    english, spanish = (describe(status, str(theirs.description), language) for language in ("en", "es"))
    assert theirs.description not in english
    assert theirs().name not in english
    assert all(one != other for one, other in zip(english, spanish, strict=True))


@pytest.mark.parametrize(("status", "shown"), [(400, True), (409, True), (403, False), (404, False), (500, False)])
def test_what_was_said_for_people_is_shown_where_it_names_nothing_hidden(status: int, shown: bool):
    assert (describe(status, "Integrity Error", "en")[1] == "Integrity Error") == shown


def test_a_status_without_words_has_some():
    assert all(describe(410, "", "es"))
