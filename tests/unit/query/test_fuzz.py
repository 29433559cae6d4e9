"""A bounded part of `make fuzz`, and what attacks servers of SQL."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fuzz.grammars import GRAMMARS
from fuzz.hostile import HOSTILE
from fuzz.inputs import inputs
from fuzz.judge import judge
from helpers.kinds import COLUMNS

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.arcgis_where import parse_where
from ckanext.cpdi.query.grammars.sql.text import condition

ROOT = Path(__file__).parents[3]
TEXTS = 1_500
"""Of each grammar."""


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.name)
def test_every_seed_is_answered(grammar):
    for text in grammar.seeds:
        assert judge(grammar, text) == "answered", text


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.name)
def test_hostile_texts_get_nowhere(grammar):
    for text in HOSTILE:
        judge(grammar, text)


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.name)
def test_texts_that_are_nearly_right_get_a_question_or_an_error_in_words(grammar):
    outcomes = Counter(judge(grammar, text) for text in inputs(grammar, seed=14, count=TEXTS))
    assert outcomes["answered"] > TEXTS / 50, "hardly any text reaches the writer"
    assert outcomes["refused"] > TEXTS / 50


HARMLESS = (
    "1=1 --",
    "1=1 /* x */",
    "/*/**/*/ 1=1",
    "1=1\r\n\t\v\f",
    "(" * 31 + "1=1",
    "EXTRACT('year' FROM happened)",
    "1" * 99,
)
"""How texts begin of which nothing comes but a condition on our columns: comments, blanks, brackets, numbers."""
VALUES = ("word = ", "minutes = ", "pieces = 9", "pieces IN (1,1", "'x'::pg_catalog.text = word", "0.000")
"""How texts begin that are a value, and no more."""


def test_no_attack_by_where_is_answered():
    answered = []
    for text in HOSTILE:
        try:
            parse_where(text, COLUMNS)
        except QueryError:
            continue
        answered.append(text)
    assert [text for text in answered if text.strip() and not text.startswith(HARMLESS + VALUES)] == []
    assert len(answered) < len(HOSTILE) / 5


DEEP = [
    "'NOT ' * 4000 + '1=1'",
    "'- ' * 8000 + '1 = 1'",
    "'pieces' + ' + 1' * 4000 + ' = 1'",
    "'(' * 8000 + '1' + ')' * 8000",
    "'f(' * 5000 + '1' + ')' * 5000",
    "'word' + '::text' * 2500 + ' = 1'",
    "'CASE WHEN 1=1 AND ' * 800 + '1=1'",
    "'a[1]' + '[1]' * 5000 + ' = 1'",
    "'1 IN (1, ' * 1500",
    "\"word IN ('\" + ')' * 4000 + \"', \" + '(' * 4000 + '1' + ')' * 4000 + ')'",
    "' AND '.join(['pieces = 1'] * 1400)",
    "'NOT (1=1 AND ' * 31 + 'NOT ' * 120 + '1=1' + ')' * 31",
]
_IN_A_SMALL_STACK = """
import sys, threading
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.sql import text as sql_text

def read():
    try:
        sql_text.condition({text})
    except QueryError as error:
        print(type(error).__name__)

threading.stack_size({stack})
thread = threading.Thread(target=read)
thread.start()
thread.join()
print("alive")
"""


@pytest.mark.parametrize("text", DEEP)
def test_no_depth_kills_the_process(text):
    """A thread of 512 kB: the parser and what reads its tree go down by recursion, in C."""
    program = _IN_A_SMALL_STACK.format(text=text, stack=512 * 1024)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split()[-1:] == ["alive"], done


def test_the_deepest_condition_that_is_taken_is_read_in_a_small_stack():
    deepest = "NOT (" * 30 + "NOT " * 60 + "1=1" + ")" * 30
    assert condition(deepest) is not None
    program = _IN_A_SMALL_STACK.format(text=repr(deepest), stack=512 * 1024)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["alive"], done
