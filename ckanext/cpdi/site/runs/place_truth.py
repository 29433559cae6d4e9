"""How true the places of a run are, in words: how many rows have one, how far rows are shown from where they were.

Distances stand beside the width that the profile declares for a place: no row of a place that wide is shown farther
away, so that a first run, which no other one can be compared with, is judged as well.
"""

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
_WITHIN = Text(
    "That is within the {width} m that the profile declares for the width of a place.",
    "Eso está dentro de los {width} m que el perfil declara como ancho de un lugar.",
)
_BEYOND = Text(
    "One row in twenty is farther away than the {width} m that the profile declares for the width of a place: its"
    " places are wider, since addresses are few there, or wrong.",
    "Una fila de cada veinte está más lejos que los {width} m que el perfil declara como ancho de un lugar: sus lugares"
    " son más anchos, porque allí hay pocas direcciones, o son erróneos.",
)
_NEAREST = 10


def beside_width(p95: float, widest: float, language: str) -> str:
    """Say whether rows that are shown up to ``p95`` metres away lie within places of the declared width ``widest``."""
    sentence = _WITHIN if p95 <= widest else _BEYOND
    return sentence.get(language).format(width=words.number(int(widest), language))


def sentences(truth: PlaceTruth | None, widest: float, language: str) -> str:
    """Return the figures in words, beside ``widest``, the declared width; an empty string where a run has none."""
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
        texts.append(beside_width(float(truth.p95), widest, language))
    if truth.team is not None:
        texts.append(_TEAM.get(language).format(share=words.share(float(truth.team) / 100, language)))
    return " ".join(texts)
