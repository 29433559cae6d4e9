"""Why somebody was not signed in: a kind with words for the person, and details for the log."""

from __future__ import annotations

from ckanext.cpdi.declare import Text

STATUS = {"away": 503, "stale": 400, "declined": 403, "untrusted": 403, "group": 403, "account": 403}
"""The status of the answer, by kind."""
WORDS = {
    "away": Text(
        "The service that signs people in does not answer as it should. Wait some minutes, then begin again.",
        "El servicio que identifica a las personas no responde como debe. Espere unos minutos y empiece de nuevo.",
    ),
    "stale": Text(
        "This sign-in was begun in another browser or too long ago, or it was used already. Begin again.",
        "Esta entrada se empezó en otro navegador o hace demasiado tiempo, o ya se usó. Empiece de nuevo.",
    ),
    "declined": Text(
        "The service that signs people in did not let you in. You can begin again.",
        "El servicio que identifica a las personas no le dejó entrar. Puede empezar de nuevo.",
    ),
    "untrusted": Text(
        "What the service that signs people in says of you could not be verified, so nobody was signed in. Begin again;"
        " if it stays so, tell the administrator of this portal.",
        "No se pudo comprobar lo que el servicio dice de usted, así que no entró nadie. Empiece de nuevo; si sigue así,"
        " avise al administrador de este portal.",
    ),
    "group": Text(
        "The service knows you, but none of your groups may work on this portal. Ask its administrator to put you into"
        " one.",
        "El servicio le conoce, pero ninguno de sus grupos puede trabajar en este portal. Pida a su administrador que"
        " le ponga en uno.",
    ),
    "account": Text(
        "Your account on this portal is closed. Ask its administrator to open it again.",
        "Su cuenta en este portal está cerrada. Pida a su administrador que la abra de nuevo.",
    ),
}
"""What the person reads, by kind."""


class RefusedError(Exception):
    """A sign-in ends without a session. ``detail`` is for the log: it has no token, code or secret."""

    def __init__(self, kind: str, detail: str) -> None:
        """Refuse for a ``kind`` of ``STATUS``."""
        super().__init__(detail)
        self.kind = kind
        self.status = STATUS[kind]
