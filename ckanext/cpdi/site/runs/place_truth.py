"""How true the places of a run are, in a sentence or two: how many rows have one, how far rows are shown from it."""

from __future__ import annotations

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs.ledger import PlaceTruth

_PLACED = Text(
    "{share} of the rows that may show a place have one.",
    "El {share} de las filas que pueden mostrar un lugar lo tienen.",
)
_MOVED = Text(
    "Half of them are shown within {median} m of where they were, 95 % within {p95} m.",
    "La mitad se muestra a menos de {median} m de donde fue, el 95 % a menos de {p95} m.",
)
_TEAM = Text(
    "Where the export names a team, the place lies in it for {share}.",
    "Donde la exportación nombra un equipo, el lugar está en él en el {share}.",
)
_NEAREST = 10


def sentences(truth: PlaceTruth | None, language: str) -> str:
    """Return the figures in words; an empty string where a run has none."""
    if truth is None:
        return ""
    texts = [_PLACED.get(language).format(share=words.share(float(truth.placed) / 100, language))]
    if truth.measured:
        texts.append(
            _MOVED.get(language).format(
                median=words.number(max(_NEAREST, int(truth.median)), language),
                p95=words.number(max(_NEAREST, int(truth.p95)), language),
            )
        )
    if truth.team is not None:
        texts.append(_TEAM.get(language).format(share=words.share(float(truth.team) / 100, language)))
    return " ".join(texts)
