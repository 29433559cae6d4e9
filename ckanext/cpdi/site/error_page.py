"""What a page says of an error: its status and what was said with it, as a heading and a sentence in the reader's
language. The names of statuses are for programs, and werkzeug has them in English.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.exceptions import default_exceptions

from ckanext.cpdi.declare import Text


@dataclass(frozen=True)
class ErrorWords:
    """What a page says of a status. ``always``: also where something else was said, which may name what is hidden."""

    heading: Text
    text: Text
    always: bool = False


_NO_ANSWER = ErrorWords(
    Text("This request cannot be answered", "Esta petición no se puede responder"),
    Text(
        "Something in the address or in the form is not as this page expects it. Go back, and try again.",
        "Algo en la dirección o en el formulario no es como esta página lo espera. Vuelva atrás e inténtelo de nuevo.",
    ),
)
_ACCOUNT = Text(
    "It needs an account of the department with the right to see it.",
    "Hace falta una cuenta del departamento con derecho a verla.",
)
_OURS = ErrorWords(
    Text("Something went wrong on our side", "Algo ha fallado por nuestra parte"),
    Text(
        "The error has been written down. Please try again in a few minutes; downloads and the data themselves are not"
        " affected.",
        "El error ha quedado anotado. Inténtelo de nuevo en unos minutos; las descargas y los propios datos no están"
        " afectados.",
    ),
    always=True,
)
_TOO_MUCH = Text("This is too large", "Esto es demasiado grande")
_BY_STATUS = {
    401: ErrorWords(Text("Please sign in", "Inicie sesión"), _ACCOUNT, always=True),
    403: ErrorWords(Text("This page is for staff", "Esta página es para el personal"), _ACCOUNT, always=True),
    404: ErrorWords(
        Text("This page is not here", "Esta página no está aquí"),
        Text(
            "It may have moved, or the address has a slip in it. The data are still here:",
            "Puede que se haya movido, o que la dirección tenga un error. Los datos siguen aquí:",
        ),
        always=True,
    ),
    405: ErrorWords(
        Text("This address is not opened in this way", "Esta dirección no se abre de esta manera"),
        Text(
            "It takes what a form sends, or only shows something. Go back, and use the button of the page.",
            "Recibe lo que envía un formulario, o solo muestra algo. Vuelva atrás y use el botón de la página.",
        ),
    ),
    409: ErrorWords(
        Text("Somebody else was faster", "Alguien se adelantó"),
        Text(
            "What you wanted to change has changed meanwhile. Load the page again, and look.",
            "Lo que quería cambiar ha cambiado mientras tanto. Vuelva a cargar la página y compruébelo.",
        ),
    ),
    410: ErrorWords(
        Text("This is no longer here", "Esto ya no está aquí"),
        Text("It was taken away, and does not come back.", "Se retiró y no volverá."),
    ),
    413: ErrorWords(
        _TOO_MUCH,
        Text("The portal takes no file of this size.", "El portal no admite un archivo de este tamaño."),
    ),
    414: ErrorWords(
        _TOO_MUCH,
        Text(
            "The address is longer than the portal reads. Choose less at once.",
            "La dirección es más larga de lo que lee el portal. Elija menos de una vez.",
        ),
    ),
    429: ErrorWords(
        Text("Too many questions at once", "Demasiadas preguntas a la vez"),
        Text(
            "Please wait a minute, then try again.",
            "Espere un minuto e inténtelo de nuevo.",
        ),
    ),
}


def describe(status: int, said: str, language: str) -> tuple[str, str]:
    """Return heading and sentence for ``status``; ``said`` stands in place of ours where somebody wrote it for people.

    What werkzeug says of a status by itself was not.
    """
    words = _OURS if status >= 500 else _BY_STATUS.get(status, _NO_ANSWER)
    default = default_exceptions.get(status)
    own = words.always or not said or (default is not None and said == default.description)
    return words.heading.get(language), words.text.get(language) if own else said
