"""What a records officer has to decide of a feed's columns: which of them is which, what was read by its contents."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.feed_draft import FeedDraft
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.layout.evidence import TIMELY
from ckanext.cpdi.drafting.layout.headers import Match
from ckanext.cpdi.drafting.phrases import phrase, series


def of_columns(feed: FeedDraft) -> Iterator[Text]:
    """Yield what has to be decided of the headers of a feed."""
    guesses = [
        phrase("{header} for {name}", "{header} por {name}", header=pair.header, name=name)
        for name, pair in feed.matches.columns.items()
        if not pair.certain and not pair.by_contents
    ]
    yield from _of_contents(feed)
    if guesses:
        yield phrase(
            "Are these columns taken for the right ones: {guesses}?",
            "¿Se toman estas columnas por las correctas: {guesses}?",
            guesses=series(guesses, "; "),
        )
    for name in feed.lacking:
        yield phrase(
            "The feed seems to have no {name}, which the dataset requires: name its column under headers, or leave it"
            " under optional and say so to readers under gaps or breaks.",
            "El origen no parece tener {name}, que el conjunto de datos exige: nombre su columna en headers, o déjela"
            " en optional y dígalo a los lectores en gaps o breaks.",
            name=name,
        )
    for name, header in feed.clocks.items():
        yield phrase(
            "Is {clock} the time of day of {day}?",
            "¿Es {clock} la hora del día de {day}?",
            clock=header,
            day=feed.header(name),
        )
    for name, rule in feed.made.items():
        yield phrase(
            "Is {name} right as it is made of {headers}?",
            "¿Es correcto {name}, hecho de {headers}?",
            name=name,
            headers=", ".join(rule.headers),
        )
    yield from _of_refused(feed)


def _of_contents(feed: FeedDraft) -> Iterator[Text]:
    for name, pair in feed.matches.columns.items():
        if pair.why is not None:
            yield phrase(
                "No column has a name of {name}. {header} is taken for it by its contents: {why}.{others} Is it"
                " another? Then name that one under headers.",
                "Ninguna columna tiene un nombre de {name}. Se toma {header} por su contenido: {why}.{others} ¿Es otra?"
                " Entonces nombre esa en headers.",
                name=name,
                header=pair.header,
                why=pair.why,
                others=_others(pair),
            )
    for name, hint in feed.matches.hints.items():
        if hint.why is not None and name != feed.dataset.rows.key:
            yield phrase(
                "{header} may be {name}: {why}.{others} It is not read, since {risk}. If it is, name it under headers.",
                "{header} puede ser {name}: {why}.{others} No se lee, pues {risk}. Si lo es, nómbrela en headers.",
                header=hint.header,
                name=name,
                why=hint.why,
                others=_others(hint),
                risk=_ADULTS if name == "age" else _NAMES,
            )
    yield from _of_unread(feed)


_ADULTS = Text("more is shown of adults", "de los adultos se muestra más")
_NAMES = Text(
    "its values could be names, which no draft writes down",
    "sus valores podrían ser nombres, que ningún borrador anota",
)


def _of_unread(feed: FeedDraft) -> Iterator[Text]:
    """Yield what columns hold that nothing reads, where the headers of others said nothing either."""
    if not any(pair.by_contents for pair in feed.matches.columns.values()):
        return
    hints = {pair.header for pair in feed.matches.hints.values()}
    held = [
        phrase("{header} ({held})", "{header} ({held})", header=header, held=_held(feed.columns[header]))
        for header in feed.unread
        if header not in hints and feed.columns[header].filled
    ]
    if held:
        yield phrase(
            "Nothing reads these columns: {held}. What of them the dataset is to have, name under headers: an outcome"
            " among them makes rows stricter.",
            "Nada lee estas columnas: {held}. Lo que de ellas deba tener el conjunto de datos, nómbrelo en headers: un"
            " resultado entre ellas hace más estrictas las filas.",
            held=series(held),
        )


def _held(column: Column) -> Text:
    """Return what a column holds, in two words."""
    if column.personal:
        return Text("about people, or free text", "sobre personas, o texto libre")
    if column.timely >= TIMELY:
        return Text("times", "horas")
    if column.numeric >= TIMELY:
        return Text("numbers", "números")
    return phrase("{n} different values", "{n} valores distintos", n=column.distinct)


def _others(pair: Match) -> Text:
    if not pair.others:
        return Text("")
    headers = ", ".join(pair.others)
    return phrase(" It might be {headers} as well.", " También podría ser {headers}.", headers=headers)


def _of_refused(feed: FeedDraft) -> Iterator[Text]:
    read = {*feed.clocks.values(), *(header for rule in feed.made.values() for header in rule.headers)}
    for header, why in feed.matches.refused.items():
        if header not in read:
            yield phrase("{header} {why}: it is not read.", "{header} {why}: no se lee.", header=header, why=why)
