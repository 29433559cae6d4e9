"""The form by which anybody reports an error: what was sent, and what is wrong with it, in words.

In: the values of the form. Out: a letter for staff, or a sentence for each field that has to be mended. Nothing here
asks whether the record or page that a letter is about exists, so that the form tells nobody.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site import tally

TRAP = "website"
"""A field that people do not see and programs fill in."""
NAMES = ("dataset", "about", "text", "address", "stamp")
"""What the form sends, the trap aside."""
LONGEST = {"about": 200, "text": 4000, "address": 254}
"""Characters of each field at most."""
_HOURS = 24
_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+")
_UNPRINTED = {code: None for code in range(32) if chr(code) not in "\n\t"}
_WORDS = {
    "dataset": Text("Choose a dataset from the list.", "Elija un conjunto de datos de la lista."),
    "text": Text("Write what is wrong.", "Escriba qué está mal."),
    "address": Text(
        "This is no address of mail, such as name@example.org. You may leave it empty.",
        "Esto no es una dirección de correo, como nombre@example.org. Puede dejarla vacía.",
    ),
}
_TOO_LONG = Text("This has {n} characters. There is room for {most}.", "Esto tiene {n} caracteres. Caben {most}.")
_TRAPPED = Text(
    "Nothing was sent, since a field that people leave empty was filled in, as programs do. Send it again as it is"
    " now.",
    "No se envió nada, porque se llenó un campo que las personas dejan vacío, como hacen los programas. Envíelo otra"
    " vez tal como está ahora.",
)
_TOO_OLD = Text(
    "Nothing was sent, since this page was open for more than a day. Send it again as it is now.",
    "No se envió nada, porque esta página estuvo abierta más de un día. Envíelo otra vez tal como está ahora.",
)


@dataclass(frozen=True)
class ErrorForm:
    """What stands in the form: name of a dataset (empty: the portal), record or page, text, address of mail."""

    dataset: str = ""
    about: str = ""
    text: str = ""
    address: str = ""


def stamp(now: datetime) -> str:
    """Return what a form carries so that it is taken: when it was shown, signed."""
    shown = str(int(now.timestamp()))
    return f"{shown}.{tally.keyed(f'form of errors {shown}')[:32]}"


def read(values: Mapping[str, str]) -> ErrorForm:
    """Return what was sent, without control characters and blanks around."""
    return ErrorForm(**{name: clean(values.get(name, "")) for name in NAMES[:-1]})


def problems(
    sent: ErrorForm, values: Mapping[str, str], datasets: Collection[str], now: datetime, language: str
) -> dict[str, str]:
    """Return a sentence for each field that has to be mended, ``form`` for the whole; empty where all is good.

    ``datasets`` are the names that may be chosen.
    """
    wrong = {
        "form": _TRAPPED if values.get(TRAP) else _TOO_OLD if not _is_fresh(values.get("stamp", ""), now) else None,
        "dataset": None if not sent.dataset or sent.dataset in datasets else _WORDS["dataset"],
        "text": None if sent.text else _WORDS["text"],
        "address": None if not sent.address or _ADDRESS.fullmatch(sent.address) else _WORDS["address"],
    }
    said = {name: text.get(language) for name, text in wrong.items() if text}
    for name, most in LONGEST.items():
        length = len(getattr(sent, name))
        if length > most:
            said[name] = _TOO_LONG.get(language).format(n=length, most=most)
    return said


def _is_fresh(sent: str, now: datetime) -> bool:
    """Return whether ``sent`` is a stamp of ours that is not older than a day."""
    shown = sent.partition(".")[0]
    if not re.fullmatch(r"[0-9]{1,10}", shown, re.ASCII):
        return False
    moment = datetime.fromtimestamp(int(shown), UTC)
    own = hmac.compare_digest(sent.encode(), stamp(moment).encode())
    return own and 0 <= (now - moment).total_seconds() + 1 <= _HOURS * 3600


def clean(text: str) -> str:
    """Return ``text`` without control characters and blanks around, in a form that every database takes."""
    lines = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return lines.translate(_UNPRINTED).strip()
