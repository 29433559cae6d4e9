"""Which reports of a run are published, in which order, and why the others wait."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ckanext.cpdi.errors import translated
from ckanext.cpdi.pipeline.reports.decision import Candidate, decide
from ckanext.cpdi.reports import HOLDING

TODAY = date(2024, 4, 1)
WEEK, BEFORE = date(2024, 3, 24), date(2024, 3, 17)


def candidate(number: int, end: date | None = WEEK, edition: int = 1, **more) -> Candidate:
    return Candidate(UUID(int=number), end, edition, **more)


def outcome(*candidates: Candidate, present: dict[date, int] | None = None) -> list[tuple[int, str]]:
    return [(decision.report.int, decision.reason) for decision in decide(candidates, present or {}, TODAY)]


def test_what_is_clear_is_published_the_oldest_period_first():
    assert outcome(candidate(1), candidate(2, BEFORE)) == [(2, ""), (1, "")]


def test_what_was_noticed_holds_and_its_words_say_where_and_not_what():
    (decision,) = decide(
        [candidate(1, places=((3, "name"), (3, "name"), (4, "birth_date"), (1, "birth_date")))], {}, TODAY
    )
    assert decision.reason == "report_noticed"
    assert decision.words == (
        "Look at it before it is published: perhaps a name on page 3; perhaps a date of birth on pages 1, 4."
    )
    assert translated(decision.words, "es") == (
        "Mírelo antes de que se publique: quizá un nombre en la página 3; quizá una fecha de nacimiento en las páginas"
        " 1, 4."
    )


def test_each_kind_that_holds_has_words():
    decisions = decide([candidate(number, places=((1, kind),)) for number, kind in enumerate(HOLDING)], {}, TODAY)
    assert len({decision.words for decision in decisions}) == len(HOLDING)
    assert all(translated(decision.words, "es") != decision.words for decision in decisions)


def test_a_report_without_a_period_or_of_one_to_come_waits():
    assert outcome(candidate(1, None), candidate(2, date(2024, 4, 2)), candidate(3, TODAY)) == [
        (1, "report_period"),
        (2, "report_future"),
        (3, ""),
    ]


def test_editions_of_one_period_are_published_in_the_order_that_their_names_say():
    assert outcome(candidate(1, edition=2), candidate(2)) == [(2, ""), (1, "")]


def test_two_files_of_one_period_whose_order_nothing_says_both_wait():
    assert outcome(candidate(1), candidate(2), candidate(3, BEFORE)) == [
        (3, ""),
        (1, "report_twice"),
        (2, "report_twice"),
    ]


def test_a_twin_that_waits_for_another_reason_does_not_stop_the_other():
    assert outcome(candidate(1), candidate(2, places=((1, "name"),))) == [(2, "report_noticed"), (1, "")]


def test_a_correction_replaces_what_is_published_and_an_older_edition_does_not():
    assert outcome(candidate(1, edition=2), present={WEEK: 1}) == [(1, "")]
    assert outcome(candidate(1), present={WEEK: 1}) == [(1, "")]
    assert outcome(candidate(1), present={WEEK: 2}) == [(1, "report_older")]
