"""Texts of the reasons why a file of a run of reports was not published."""

from __future__ import annotations

from ckanext.cpdi.declare import Text

WITHHELD = {
    "report_noticed": Text("Something in it may have to be hidden", "Algo en él quizá deba ocultarse"),
    "report_period": Text("It does not say its period", "No dice su periodo"),
    "report_future": Text("Its period is still to come", "Su periodo aún no ha llegado"),
    "report_twice": Text("Two files are of its period", "Dos archivos son de su periodo"),
    "report_older": Text("An older edition than the published one", "Una edición anterior a la publicada"),
    "report_waiting": Text("Staff have not decided yet", "El personal aún no ha decidido"),
}
"""Reasons why a report waits for staff."""

QUARANTINED = {
    "report_unreachable": Text("The file did not come", "El archivo no llegó"),
    "report_withdrawn": Text("Staff withdrew this report", "El personal retiró este informe"),
    "report_synthetic": Text("A synthetic report", "Un informe sintético"),
    "pdf_not_pdf": Text("It is not a PDF", "No es un PDF"),
    "pdf_html": Text("It is a web page, not a PDF", "Es una página web, no un PDF"),
    "pdf_zip": Text("It is a ZIP or Office file, not a PDF", "Es un archivo ZIP o de Office, no un PDF"),
    "pdf_empty": Text("It is empty", "Está vacío"),
    "pdf_damaged": Text("It is damaged or incomplete", "Está dañado o incompleto"),
    "pdf_no_pages": Text("It has no pages", "No tiene páginas"),
    "pdf_encrypted": Text("It needs a password", "Necesita una contraseña"),
    "pdf_too_large": Text("It is too large", "Es demasiado grande"),
    "pdf_too_many_pages": Text("It has too many pages", "Tiene demasiadas páginas"),
    "pdf_too_much_text": Text("It has too much text", "Tiene demasiado texto"),
    "pdf_scripts": Text("It carries a script or an action", "Lleva un programa o una acción"),
    "pdf_form": Text("It is a form for Adobe's programs", "Es un formulario para programas de Adobe"),
    "pdf_too_long": Text("Reading it takes too long", "Leerlo tarda demasiado"),
    "pdf_too_complex": Text("Reading it takes too much memory", "Leerlo requiere demasiada memoria"),
    "pdf_unreadable": Text("It cannot be read", "No se puede leer"),
}
"""Reasons why a file is no report that can be published."""
