"""Why a row was withheld or quarantined, in plain words."""

from __future__ import annotations

from ckanext.cpdi.declare import Text

_REASONS = {
    "embargo": Text("Not published yet: the waiting time after closing runs", "Aún sin publicar: corre el plazo"),
}


def text(code: str, language: str) -> str:
    """Return the reason ``code`` in words; a code without words reads as it is written."""
    return _REASONS.get(code, Text(code.replace("_", " ").capitalize())).get(language)
