"""Sentences that are translated where they are shown: their facts travel with them, into the ledger and back."""

from __future__ import annotations

import copy
import json

import pytest

from ckanext.cpdi.errors import PortalError, Said, read, stored, translated

NESTED = Said("{column} is compared with {words}, not with {shown}", column="team", words=Said("a text"), shown="{1}")


def test_a_sentence_is_its_english_text_and_is_said_in_another_language_with_its_parts():
    assert NESTED == "team is compared with a text, not with {1}"
    assert translated(NESTED, "es") == "team se compara con un texto, no con {1}"
    assert translated(NESTED, "en") == translated(NESTED, "fr") == NESTED
    assert translated("there is nothing at this address", "es") == "en esta dirección no hay nada"
    assert (translated("", "es"), translated("nobody {wrote} this", "es")) == ("", "nobody {wrote} this")


@pytest.mark.parametrize("said", [NESTED, Said("{n:,} bytes", n=1234)])
def test_a_stored_sentence_is_read_with_its_parts(said):
    again = read(str(said), json.loads(json.dumps(stored(said))))
    assert (again, translated(again, "es")) == (said, translated(said, "es"))


def test_a_copy_has_the_parts_too():
    again = copy.deepcopy(NESTED)
    assert (again, translated(again, "es")) == (NESTED, translated(NESTED, "es"))


def test_a_plain_message_is_stored_without_parts():
    assert (stored("plain"), read("plain", None)) == (None, "plain")


def test_an_error_keeps_the_parts_of_its_message():
    assert PortalError(NESTED).said is NESTED
    assert PortalError().said == ""
