"""Texts of the reasons why a row, or a file of a run of reports, was withheld or quarantined."""

from __future__ import annotations

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site.runs import report_reasons

WITHHELD = {
    "waiting": Text(
        "It waits: for the time after closing, or for a monthly batch",
        "Espera: el plazo tras el cierre, o una entrega mensual",
    ),
    # Only staff see "embargo" and "class_rise"; everybody else reads that the row waits.
    "embargo": Text("The waiting time after closing runs", "Corre el plazo tras el cierre"),
    "not_closed": Text("The call is not closed yet", "La llamada aún no está cerrada"),
    "class_rise": Text(
        "It became more sensitive: it returns in a coarser form with the next monthly batch",
        "Se volvió más sensible: vuelve en forma más general con la siguiente entrega mensual",
    ),
    "withheld_class": Text("A kind of record that is counted only", "Un tipo de registro que solo se cuenta"),
    "no_class": Text("No privacy rule covers it yet", "Ninguna regla de privacidad lo cubre aún"),
    "unmapped_value": Text("A value that no privacy rule knows yet", "Un valor que ninguna regla de privacidad conoce"),
    "missing_value": Text("Without the value that decides its privacy", "Sin el valor que decide su privacidad"),
    "scope_unknown": Text("Unknown whether it belongs to the table", "No se sabe si pertenece a la tabla"),
    "test_row": Text("A test of the system, not a record", "Una prueba del sistema, no un registro"),
}
"""Reasons why a correct row is not shown. The ``requires`` of a declared table has reasons of its own."""

QUARANTINED = {
    "key_missing": Text("Without a record number", "Sin número de registro"),
    "key_too_long": Text("A record number that is too long", "Un número de registro demasiado largo"),
    "duplicate_key": Text("An older copy of a record", "Una copia anterior de un registro"),
    "time_missing": Text("Without a time", "Sin hora"),
    "time_unreadable": Text("A time that cannot be read", "Una hora que no se puede leer"),
    "time_implausible": Text("A time that is too long ago", "Una hora demasiado antigua"),
    "time_in_future": Text("A time in the future", "Una hora en el futuro"),
    "coordinates_outside": Text("A point far outside the city", "Un punto muy lejos de la ciudad"),
    "text_too_long": Text("A text that is too long", "Un texto demasiado largo"),
    "cell_too_long": Text("A cell that is too long", "Una celda demasiado larga"),
    "nul_byte": Text("A damaged text", "Un texto dañado"),
    "row_width": Text("A line with too many or too few cells", "Una línea con demasiadas o muy pocas celdas"),
    "stray_quote": Text("A line with a stray quotation mark", "Una línea con una comilla suelta"),
    "not_object": Text("An entry that is no record", "Una entrada que no es un registro"),
    "repeated_header": Text("The header once more", "El encabezado repetido"),
}
"""Reasons why a row cannot be used."""


_ALL = {**WITHHELD, **QUARANTINED, **report_reasons.WITHHELD, **report_reasons.QUARANTINED}


def text(code: str, language: str) -> str:
    """Return the text of the reason ``code``; for an unknown code, the code with spaces for underscores."""
    words = _ALL.get(code) or Text(code.replace("_", " ").capitalize())
    return words.get(language)
