"""The base of our exceptions, whose message can be shown to staff; and sentences that can be said in any language.

A sentence is translated where it is shown, not where it is made: so it is an English text with places, and what stands
in them. It is a ``str``, the English one, for logs, programs and whoever reads no other language.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast


class Said(str):
    """An English sentence made of ``text``, with places as :meth:`str.format` has them, and of ``facts``.

    A fact that is a sentence itself is translated too; any other is a value, which is the same in all languages.
    """

    text: str
    facts: Mapping[str, object]

    def __new__(cls, text: str, /, **facts: object) -> Said:
        """Make the English sentence."""
        said = super().__new__(cls, text.format(**facts))
        said.text, said.facts = text, facts
        return said

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Let a copy be made of the parts too: the English sentence may have braces."""
        return (self.text,), dict(self.facts)

    def document(self) -> dict[str, Any]:
        """Return the sentence as JSON has it, for :func:`read`."""
        return {"text": self.text, "facts": {name: _stored(fact) for name, fact in self.facts.items()}}


def read(message: str, document: object) -> str:
    """Return a stored sentence with its parts; the plain ``message`` where none were stored."""
    if not isinstance(document, dict):
        return message
    known = cast("dict[str, Any]", document)
    facts = {name: read("", fact) if isinstance(fact, dict) else fact for name, fact in known["facts"].items()}
    return Said(known["text"], **facts)


def stored(message: str) -> dict[str, Any] | None:
    """Return the parts of a message that has such, as JSON has them."""
    return message.document() if isinstance(message, Said) else None


def translated(message: str, language: str | None) -> str:
    """Return ``message`` in ``language``, such as ``es``; one that nobody translated stays English.

    A service that asks CKAN for no session has no language: what it says to programs is English.
    """
    catalogue = _catalogue(language or "en")
    if not isinstance(message, Said):
        return catalogue.gettext(message) if message else ""
    facts = {
        name: translated(fact, language) if isinstance(fact, Said) else fact for name, fact in message.facts.items()
    }
    return catalogue.gettext(message.text).format(**facts)


def of_system(error: OSError) -> Said:
    """Return what the operating system says of ``error``."""
    return Said(os.strerror(error.errno)) if error.errno else Said("unknown reason")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("ckanext-cpdi", Path(__file__).parent / "i18n", [language], fallback=True)


def _stored(fact: object) -> object:
    if isinstance(fact, Said):
        return fact.document()
    return fact if isinstance(fact, int | float | str) else str(fact)


class PortalError(Exception):
    """An expected error. The message is for staff: it has no SQL, no address of a service and no value of a row.

    ``covers`` is True where the message leaves out the cause, which should then be logged.
    """

    covers = False

    @property
    def said(self) -> str:
        """What it says, to be translated where it is shown."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)
