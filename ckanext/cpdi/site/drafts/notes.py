"""What a draft says beside its files, in both languages: what is left to decide, and what proposed classes rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.shelf import Shelf

if TYPE_CHECKING:
    from ckanext.cpdi.drafting.draft import Draft

_QUESTIONS, _BASES = "questions.json", "bases.json"


def files_of(made: Draft) -> dict[str, str]:
    """Return the notes of a draft as texts of files, to be kept with it."""
    from ckanext.cpdi.drafting.questions import questions

    lists = (drafted for feed in made.feeds for drafted in feed.lists.values())
    bases = [line.proposal.basis for drafted in lists for line in drafted.lines]
    asked = [[question.en, question.es] for question in questions(made)]
    return {_QUESTIONS: json.dumps(asked), _BASES: json.dumps({basis.en: basis.es for basis in bases})}


def questions_of(shelf: Shelf) -> list[Text]:
    """Return what is left to decide of a draft; nothing where there is none."""
    return [Text(english, spanish) for english, spanish in json.loads(shelf.read(_QUESTIONS))] if shelf.profile else []


def bases_of(shelf: Shelf, language: str) -> Mapping[str, str]:
    """Return what proposals rest on in a language, by the words that the draft's lists have for it."""
    if shelf.profile is None:
        return {}
    return {
        english: Text(english, spanish).get(language) for english, spanish in json.loads(shelf.read(_BASES)).items()
    }
