"""The actions of reported errors: what waits for staff, what a visitor wrote, and the answer that is published.

All are for staff of the organization alone. A report comes by the form of the site and by no action: the form's stamp
keeps programs out, and pages of other sites, which may call the API in the name of their visitors.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict, ErrorDict

from ckanext.cpdi import config
from ckanext.cpdi.declare.erratum import STATES
from ckanext.cpdi.logic import schema
from ckanext.cpdi.site.errata.noticed import noticed

if TYPE_CHECKING:
    from ckanext.cpdi.store.errata import Letter

log = logging.getLogger(__name__)

_LISTED = 50
"""Answered reports in the list."""
_SHORTEST = 4
"""Characters of a visitor's own words that are looked for in what staff publish."""


@tk.side_effect_free
@validate(schema.nothing)
def cpdi_erratum_list(context: Context, data_dict: DataDict) -> dict[str, list[dict[str, Any]]]:
    """List the reported errors that wait for an answer, and the last that have one.

    :returns: ``waiting``, the longest waiting first, and ``answered``, at most 50, the last first: ``number``,
        ``dataset`` (empty: the portal itself), ``received_on``, ``state``, ``summary``, ``answer``, ``language``,
        ``changed``, ``changed_by``, ``answered``
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    """
    tk.check_access("cpdi_erratum_list", context, data_dict)
    with config.store() as store:
        waiting, answered = store.errata.waiting(), store.errata.answered(_LISTED)
    return {"waiting": [asdict(erratum) for erratum in waiting], "answered": [asdict(erratum) for erratum in answered]}


@tk.side_effect_free
@validate(schema.erratum)
def cpdi_erratum_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a reported error with what the visitor wrote.

    :param number: the report's number
    :type number: integer
    :returns: ``erratum`` as in :py:func:`cpdi_erratum_list`; ``letter``: ``about`` (record or page), ``text`` and
        ``address``, or null once it is deleted
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ObjectNotFound: where there is no such report
    """
    tk.check_access("cpdi_erratum_show", context, data_dict)
    with config.store() as store:
        erratum, letter = store.errata.get(data_dict["number"]), store.errata.letter(data_dict["number"])
    if erratum is None:
        raise tk.ObjectNotFound(tk._("There is no such report of an error"))
    return {"erratum": asdict(erratum), "letter": asdict(letter) if letter else None}


@validate(schema.erratum_answer)
def cpdi_erratum_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish what staff say of a reported error.

    What may name somebody (a name, a telephone number, a plate, a date of birth, an address of mail), or repeats the
    record that the visitor named, is refused once, with ``looked_at``: sent again with that value, it is published.

    :param number: the report's number
    :type number: integer
    :param state: received, looked_at, corrected, no_error or not_correctable
    :type state: string
    :param summary: what the report is about; required for an answer
    :type summary: string
    :param answer: what came of it; required where the state ends the report
    :type answer: string
    :param language: of both texts, ``en`` or ``es`` (optional, default: en)
    :type language: string
    :param looked_at: the value that the refusal gave (optional)
    :type looked_at: string
    :returns: the report as in :py:func:`cpdi_erratum_list`
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ObjectNotFound: where there is no such report
    :raises ValidationError: where a text is missing, or has to be looked at
    """
    tk.check_access("cpdi_erratum_answer", context, data_dict)
    from ckanext.cpdi.store.errata import Answer

    said = Answer(data_dict["state"], data_dict["summary"], data_dict["answer"], data_dict["language"])
    _check_complete(said.state, said.summary, said.answer)
    with config.store() as store:
        if store.errata.get(data_dict["number"]) is None:
            raise tk.ObjectNotFound(tk._("There is no such report of an error"))
        kinds = _kinds(said.summary, said.answer, store.errata.letter(data_dict["number"]))
        mark = hashlib.sha256(f"{said.summary}\n\n{said.answer}".encode()).hexdigest()
        if kinds and data_dict["looked_at"] != mark:
            raise tk.ValidationError({"looked_at": [mark], "form": kinds})
        return asdict(store.errata.answer(data_dict["number"], said, str(context.get("user"))))


@validate(schema.erratum)
def cpdi_erratum_remove(context: Context, data_dict: DataDict) -> dict[str, int]:
    """Delete what is no report of an error, such as advertising; its number is not given again.

    :param number: the report's number
    :type number: integer
    :returns: the ``number``
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ObjectNotFound: where there is no such report
    """
    tk.check_access("cpdi_erratum_remove", context, data_dict)
    number = data_dict["number"]
    with config.store() as store:
        if store.errata.get(number) is None:
            raise tk.ObjectNotFound(tk._("There is no such report of an error"))
        store.errata.remove(number)
    log.info("reported error %d: deleted by %s", number, context.get("user"))
    return {"number": number}


def _check_complete(state: str, summary: str, answer: str) -> None:
    """Raise ValidationError where a report ends without a text that says why."""
    missing = {
        "summary": tk._("Say in your own words what the report is about: everybody sees it."),
        "answer": tk._("Say what came of it: everybody sees it."),
    }
    given = {"summary": summary, "answer": answer}
    wrong: ErrorDict = {name: [words] for name, words in missing.items() if STATES[state].answered and not given[name]}
    if wrong:
        raise tk.ValidationError(wrong)


def _kinds(summary: str, answer: str, letter: Letter | None) -> list[str]:
    """Return in words what may tell who somebody is; the texts themselves are left out, since errors are logged."""
    text, language = f"{summary}\n\n{answer}", tk.h.lang()
    kinds = list(dict.fromkeys(title for title, _ in noticed(text, language)))
    about = letter.about.casefold() if letter else ""
    if len(about) >= _SHORTEST and about in text.casefold():
        kinds.append(tk._("The record or page as the visitor wrote it"))
    return kinds
