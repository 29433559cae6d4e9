"""The limits for one reader, from the settings, as sentences in the reader's language."""

from __future__ import annotations

from dataclasses import asdict

from ckanext.cpdi.config import Limits
from ckanext.cpdi.declare import Text

TITLE = Text("How much at once", "Cuánto a la vez")
LEAD = Text(
    "So that the pages stay quick for everybody, one address (an office with one connection counts as one) is given at"
    " most the following. Beyond that the portal answers 429 and says in Retry-After when to ask again.",
    "Para que las páginas sigan siendo rápidas para todos, una dirección (una oficina con una sola conexión cuenta como"
    " una) recibe como máximo lo siguiente. Más allá, el portal responde 429 y dice en Retry-After cuándo volver a"
    " preguntar.",
)
_LINES = (
    Text(
        "{requests_per_second} requests a second, or {requests_at_once} at once; some more wait for their turn.",
        "{requests_per_second} solicitudes por segundo, o {requests_at_once} de golpe; algunas más esperan su turno.",
    ),
    Text(
        "{service_requests_per_second} requests a second to maps and GIS services, {service_requests_at_once} at once,"
        " and {service_requests_per_minute} a minute, searches of rows included.",
        "{service_requests_per_second} solicitudes por segundo a mapas y servicios GIS, {service_requests_at_once} de"
        " golpe, y {service_requests_per_minute} por minuto, incluidas las búsquedas de filas.",
    ),
    Text(
        "{connections} answers at a time, downloads included. They may be read as slowly as your line wants; one that"
        " nobody reads from for five minutes is closed.",
        "{connections} respuestas a la vez, descargas incluidas. Se pueden leer tan despacio como su línea quiera; la"
        " que nadie lee durante cinco minutos se cierra.",
    ),
    Text(
        "{api_connections} API calls at a time. The calls of everybody wait in one line; each searches for"
        " {query_seconds} seconds at most.",
        "{api_connections} llamadas a la API a la vez. Las de todos esperan en una sola fila; cada una busca durante"
        " {query_seconds} segundos como máximo.",
    ),
    Text(
        "{values} values and {words} words to search for in one question, {kilobytes} KB in all. For more, ask several"
        " times, or take the whole file.",
        "{values} valores y {words} palabras de búsqueda en una pregunta, {kilobytes} KB en total. Para más, pregunte"
        " varias veces o descargue el archivo entero.",
    ),
    Text(
        "{chosen_rows} chosen rows in one download, {spooled_rows} in formats that are not sent"
        " while they are written. For more, take the whole file, or choose less.",
        "{chosen_rows} filas elegidas en una descarga, {spooled_rows} en formatos que no se"
        " envían mientras se escriben. Para más, descargue el archivo entero o elija menos.",
    ),
    Text(
        "{streams} streams of changed or chosen rows at a time; three at a time for all readers together.",
        "{streams} flujos de filas cambiadas o elegidas a la vez; tres a la vez para todos los lectores juntos.",
    ),
    Text(
        "{error_reports_per_hour} reports of errors an hour.",
        "{error_reports_per_hour} avisos de errores por hora.",
    ),
)


def lines(limits: Limits, language: str) -> tuple[str, ...]:
    """Return a sentence for each kind of limit."""
    values = {**asdict(limits), "kilobytes": limits.question_bytes // 1024}
    return tuple(line.get(language).format(**values) for line in _LINES)
