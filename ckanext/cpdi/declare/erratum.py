"""The states of a reported error, in the words of the public pages and of staff's own."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare.reading.text import Text


@dataclass(frozen=True)
class ErratumState:
    """``answered``: staff are done with it; ``mark`` is the look of its mark, that of a run."""

    title: Text
    answered: bool
    mark: str


STATES = {
    "received": ErratumState(Text("Received", "Recibido"), answered=False, mark="unknown"),
    "looked_at": ErratumState(Text("Being looked at", "En revisión"), answered=False, mark="held"),
    "corrected": ErratumState(Text("Corrected", "Corregido"), answered=True, mark="published"),
    "no_error": ErratumState(Text("Not an error", "No es un error"), answered=True, mark="unknown"),
    "not_correctable": ErratumState(Text("Cannot be corrected", "No se puede corregir"), answered=True, mark="failed"),
}
"""By their code, in the order in which a report goes through them."""
FIRST = "received"
"""The state that a report comes in."""
