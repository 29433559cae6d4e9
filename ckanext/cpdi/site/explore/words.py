"""What the explorer says in the browser, in the reader's language; ``{n}`` and the like are filled there.

Keys that end in ``.one`` and ``.other`` are forms of one sentence for one thing and for several.
"""

from __future__ import annotations

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site.explore.chart_words import WORDS as CHART_WORDS
from ckanext.cpdi.site.map.words import TIME_WORDS

WORDS = {
    **TIME_WORDS,
    "unanswered": Text(
        "The counts cannot be loaded at the moment. Please try again in a minute.",
        "Los recuentos no se pueden cargar en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "away": Text(
        "The portal does not answer: what is missing here is asked for again by itself.",
        "El portal no responde: lo que aquí falta se vuelve a pedir solo.",
    ),
    "again": Text("Try again now", "Intentarlo ahora"),
    "yes": Text("Yes", "Sí"),
    "no": Text("No", "No"),
    "filter": Text("Filter", "Filtro"),
    "filter_n": Text("Filter ({n})", "Filtro ({n})"),
    "asked": Text("What is asked for", "Lo que se pide"),
    "clear": Text("Clear the filter", "Quitar el filtro"),
    "leave_out": Text("Leave out: {condition}", "Quitar: {condition}"),
    "from_day": Text("from {day}", "desde {day}"),
    "to_day": Text("to {day}", "hasta {day}"),
    "near": Text("Within {metres} m of the place", "A menos de {metres} m del lugar"),
    "box": Text("In the drawn box", "En el recuadro dibujado"),
    "polygon": Text("In the drawn area", "En el área dibujada"),
    "is_empty": Text("{column}: empty", "{column}: vacío"),
    "is_filled": Text("{column}: not empty", "{column}: no vacío"),
    "filter_said": Text("Filter: {conditions}", "Filtro: {conditions}"),
    "as_set": Text("Back to the filter of this view", "Volver al filtro de esta vista"),
    "quoted": Text("“{text}”", "«{text}»"),
    "hours": Text("{first} to {last}", "de {first} a {last}"),
    "all_values": Text("Show all", "Mostrar todos"),
    "chosen": Text("{title} ({n})", "{title} ({n})"),
    "other_values": Text("{n} have other values.", "{n} tienen otros valores."),
    "without_value": Text("{n} do not say.", "{n} no lo indican."),
    "period": Text("Period", "Período"),
    "from": Text("From", "Desde"),
    "to": Text("To", "Hasta"),
    "until": Text("Until", "Hasta"),
    "last-7-days": Text("Last 7 days", "Últimos 7 días"),
    "last-28-days": Text("Last 28 days", "Últimos 28 días"),
    "last-month": Text("Last month", "El mes pasado"),
    "this-year": Text("This year", "Este año"),
    "last-year": Text("Last year", "El año pasado"),
    "last-12-months": Text("12 months", "12 meses"),
    "all_days": Text("All", "Todo"),
    "search": Text("Search", "Buscar"),
    "words": Text("Words", "Palabras"),
    "any": Text("Any", "Cualquiera"),
    "time_of_day": Text("Time of day", "Hora del día"),
    "weekdays": Text("Days of the week", "Días de la semana"),
    "place": Text("Place", "Lugar"),
    "address": Text("Address or street", "Dirección o calle"),
    "find": Text("Find", "Buscar"),
    "address_found.one": Text("1 place found.", "1 lugar encontrado."),
    "address_found.other": Text("{n} places found.", "{n} lugares encontrados."),
    "address_near.one": Text(
        "No published block has this number. The nearest on this street:",
        "Ninguna cuadra publicada tiene este número. La más cercana de esta calle:",
    ),
    "address_near.other": Text(
        "No published block has this number. The {n} nearest on this street:",
        "Ninguna cuadra publicada tiene este número. Las {n} más cercanas de esta calle:",
    ),
    "address_none": Text("No published place has this address.", "Ningún lugar publicado tiene esta dirección."),
    "address_unanswered": Text(
        "Addresses cannot be looked up at the moment. Please try again in a minute.",
        "En este momento no se pueden buscar direcciones. Inténtelo de nuevo en un minuto.",
    ),
    "near_block": Text("Within {metres} m", "A menos de {metres} m"),
    "this_block": Text("This block", "Esta cuadra"),
    "of_area": Text("{value}", "{value}"),
    "who_to_call": Text("Questions:", "Preguntas:"),
    "near_me": Text("Within {metres} m of me", "A menos de {metres} m de mí"),
    "near_note": Text(
        "Where you are is rounded to 100 m before it leaves this browser.",
        "Su ubicación se redondea a 100 m antes de salir de este navegador.",
    ),
    "finding": Text("Looking for where you are…", "Buscando su ubicación…"),
    "not_found": Text("This browser does not say where you are.", "Este navegador no indica dónde está."),
    "timeline": Text("Timeline", "Línea de tiempo"),
    "timeline_keys": Text(
        "Drag over the bars, or use the arrow keys; with Shift they make the period longer or shorter. Enter takes it.",
        "Arrastre sobre las barras o use las flechas; con Mayús alargan o acortan el período. Intro lo fija.",
    ),
    "play": Text("Play", "Reproducir"),
    "stop": Text("Stop", "Detener"),
    "copy_link": Text("Copy the link to this filter", "Copiar el enlace a este filtro"),
    "share": Text("Share", "Compartir"),
    "copy": Text("Copy", "Copiar"),
    "copied": Text("Copied.", "Copiado."),
    "not_copied": Text("This browser does not copy. Here it is: {text}", "Este navegador no copia. Aquí está: {text}"),
    "use_api": Text("Use as API", "Usar como API"),
    "api_csv": Text("CSV", "CSV"),
    "api_geojson": Text("GeoJSON", "GeoJSON"),
    "api_geoservices": Text("GeoServices (ArcGIS, QGIS)", "GeoServices (ArcGIS, QGIS)"),
    "api_ogc": Text("OGC API Features", "OGC API Features"),
    "api_curl": Text("curl", "curl"),
    "api_python": Text("Python", "Python"),
    "api_r": Text("R", "R"),
    "subscribe": Text("Subscribe to new rows (Atom)", "Suscribirse a filas nuevas (Atom)"),
    "feed_note": Text(
        "A feed reader shows new rows under this filter.",
        "Un lector de canales muestra las filas nuevas de este filtro.",
    ),
    "feed_area": Text(
        "Choose a team or another area first: nobody may watch a single house.",
        "Elija primero un equipo u otra área: nadie debe poder vigilar una sola casa.",
    ),
    "feed_close": Text(
        "A feed is for whole teams or areas: leave out words, drawn areas, blocks and other closer conditions.",
        "Un canal es para equipos o áreas enteros: quite palabras, áreas dibujadas, cuadras y condiciones más finas.",
    ),
    "days": Text("{first} to {last}", "{first} a {last}"),
    "rows_in": Text("{rows}, {days}", "{rows}, {days}"),
    "rows_none": Text("{rows}: the table has no such days", "{rows}: la tabla no tiene esos días"),
    "as_then": Text(
        "As many as on the same days a year before ({then}).",
        "Igual que en los mismos días del año anterior ({then}).",
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
    "note": Text("{days}: {text}", "{days}: {text}"),
    "gap": Text(
        "{days}: there are no rows, and the department does not say why.",
        "{days}: no hay filas, y el departamento no indica por qué.",
    ),
    "note_between": Text(
        "Mind the comparison with the year before. {days}: {text}",
        "Cuidado con la comparación con el año anterior. {days}: {text}",
    ),
    "gap_between": Text(
        "Mind the comparison with the year before. {days}: there are no rows.",
        "Cuidado con la comparación con el año anterior. {days}: no hay filas.",
    ),
    "columns_of": Text("Columns ({n} of {all})", "Columnas ({n} de {all})"),
    "means": Text("What “{title}” means", "Qué significa «{title}»"),
    "rows_region": Text("Rows: {title}", "Filas: {title}"),
    "sorted_up": Text("{rows}, sorted by {column}, ascending", "{rows}, por {column}, en orden ascendente"),
    "sorted_down": Text("{rows}, sorted by {column}, descending", "{rows}, por {column}, en orden descendente"),
    "link_row": Text("Link to this row", "Enlace a esta fila"),
    "empty": Text("Empty", "Vacío"),
    "row_not_here": Text(
        "The row of this link is not among the rows of the filter.",
        "La fila de este enlace no está entre las filas del filtro.",
    ),
    "unanswered_rows": Text(
        "The rows cannot be loaded at the moment. Please try again in a minute.",
        "Las filas no se pueden cargar en este momento. Inténtelo de nuevo en un minuto.",
    ),
    "coarse.one": Text(
        "1 of them shows its month only, and is in no day, hour or comparison.",
        "1 fila muestra solo el mes y no figura en ningún día, hora ni comparación.",
    ),
    "coarse.other": Text(
        "{n} of them show their month only, and are in no day, hour or comparison.",
        "{n} filas muestran solo el mes y no figuran en ningún día, hora ni comparación.",
    ),
} | CHART_WORDS


def words(language: str) -> dict[str, str]:
    """Return everything that the explorer says in ``language``, by key."""
    return {key: text.get(language) for key, text in WORDS.items()}
