"""Whether a grammar did right by a text.

In: a grammar and a text. Out: ``answered`` or ``refused``; AssertionError where neither is right.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

from helpers.kinds import KINDS
from psycopg import sql

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.select import Select
from ckanext.cpdi.query.limits import check_tree
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.query.writers.sql import SqlWriter
from fuzz.grammars import Grammar

SECONDS = 1.0
"""Processor time that a text may take."""
_ZONE = re.compile(r"AT TIME ZONE '([^']*)'")
_LITERALS = ("'english'", "'[\\u0300-\\u036f]'", "''", "'g'")
"""Values that the writer itself has in its SQL."""
_WORDS = frozenset(
    "SELECT FROM WHERE AND OR NOT IN LIKE BETWEEN IS NULL ANY TRUE FALSE AT TIME ZONE AS GROUP BY HAVING ORDER DESC"
    " NULLS LAST LIMIT OFFSET DISTINCT EXTRACT COLLATE OPERATOR lower upper btrim char_length date integer year month"
    " day hour minute second dow und x icu count sum min max avg stddev_samp var_samp double precision plainto_tsquery"
    " regconfig english st_makeenvelope st_intersects st_dwithin st_geomfromwkb geography public kinds s _geom"
    " _full_text _id c C regexp_replace normalize NFD to_tsquery floor jsonb".split()
) | {field.name for field in KINDS.fields}
"""All words that the SQL of a question on the table may have; placeholders are %s."""


def judge(grammar: Grammar, text: str) -> Literal["answered", "refused"]:
    """Return what the grammar did with ``text``."""
    _made_ready(grammar)
    begun = time.thread_time()
    try:
        question = grammar.read(text)
    except QueryError as refusal:
        question, words = None, str(refusal)
    else:
        words = ""
    spent = time.thread_time() - begun
    assert len(words) < 2_000, f"{len(words)} characters of words"
    if question is not None:
        _check(question)
    assert spent < SECONDS, f"{spent:.1f} seconds"
    return "refused" if words else "answered"


@cache
def _made_ready(grammar: Grammar) -> None:
    """Let the grammar load and build what it does once, which is no text's time."""
    with suppress(QueryError):
        grammar.read("1=1")


def _check(question: Condition | Select) -> None:
    """Fail where a question is larger than questions may be, or its SQL has a word that is not ours."""
    writer = SqlWriter(KINDS, sql.Identifier("public", "kinds"))
    if isinstance(question, Select):
        asked = question.question
        check_tree(asked.filter)
        if isinstance(asked, Selection):
            written = writer.select(asked, [writer.term(term) for term in question.terms])
        else:
            written = writer.statistics(asked)
    else:
        written = writer.where(check_tree(question))
    text = written.as_string()
    zones = _ZONE.findall(text)
    assert set(zones) <= _zones(), zones
    rest = _ZONE.sub("AT TIME ZONE", text)
    for ours in _LITERALS:
        rest = rest.replace(ours, "")
    assert "'" not in rest, "a value in the SQL"
    words = {word.rstrip("0123456789") for word in re.findall(r"[^\W\d]\w*", rest)}
    assert words <= _WORDS, words - _WORDS
    assert rest.count("%s") == len(writer.values)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
