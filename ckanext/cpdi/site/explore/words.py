"""What the explorer says in the browser, in the reader's language; ``{n}`` and the like are filled there.

Keys that end in ``.one`` and ``.other`` are forms of one sentence for one thing and for several.
"""

from __future__ import annotations

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site.explore.chart_words import WORDS as CHART_WORDS

WORDS = {
    "unanswered": Text(
        "The counts cannot be loaded at the moment. Please try again in a minute.",
        "Los recuentos no se pueden cargar en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "days": Text("{first} to {last}", "{first} a {last}"),
    "rows_in": Text("{rows}, {days}", "{rows}, {days}"),
    "as_then": Text(
        "As many as on the same days a year before ({then}).",
        "Tantas como en los mismos días del año anterior ({then}).",
    ),
    "more_than_then": Text(
        "{share} more than on the same days a year before ({then}).",
        "{share} más que en los mismos días del año anterior ({then}).",
    ),
    "fewer_than_then": Text(
        "{share} fewer than on the same days a year before ({then}).",
        "{share} menos que en los mismos días del año anterior ({then}).",
    ),
    "none_then": Text(
        "There were none on the same days a year before.", "No hubo en los mismos días del año anterior."
    ),
    "most": Text("Most: {value} ({n}).", "Más frecuente: {value} ({n})."),
    "coarse.one": Text(
        "1 of them shows its month only, and is in no day, hour or comparison.",
        "1 de ellas muestra solo el mes y no figura en ningún día, hora ni comparación.",
    ),
    "coarse.other": Text(
        "{n} of them show their month only, and are in no day, hour or comparison.",
        "{n} de ellas muestran solo el mes y no figuran en ningún día, hora ni comparación.",
    ),
} | CHART_WORDS


def words(language: str) -> dict[str, str]:
    """Return everything that the explorer says in ``language``, by key."""
    return {key: text.get(language) for key, text in WORDS.items()}
