"""What the status page says where nobody starts the nights, nobody does them, or one that was due did not begin."""

from __future__ import annotations

from datetime import datetime

from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.services import due
from ckanext.cpdi.services.heartbeat import Heartbeat, Name, heartbeats, silence
from ckanext.cpdi.site import words

_SILENT: dict[Name, Text] = {
    "tick": Text(
        "Nothing starts new runs at the moment: the scheduler gave its last sign on {when}.",
        "Por ahora nada inicia nuevas ejecuciones: el planificador dio su última señal el {when}.",
    ),
    "worker": Text(
        "Nobody works on runs at the moment: the last sign came on {when}.",
        "Por ahora nadie trabaja en las ejecuciones: la última señal llegó el {when}.",
    ),
}
_NEVER: dict[Name, Text] = {
    "tick": Text("Nothing starts runs yet.", "Aún nada inicia las ejecuciones."),
    "worker": Text("Nobody works on runs yet.", "Aún nadie trabaja en las ejecuciones."),
}
_OVERDUE = Text("A run was due on {when} and has not begun.", "Una ejecución debía empezar el {when} y no ha empezado.")
_STAY = Text("The data shown stay as they are until then.", "Los datos mostrados quedan como están hasta entonces.")


def sentences(profile: Profile, now: datetime, language: str) -> tuple[str, ...]:
    """Return what is wrong; nothing where all is well, or where no harvest source waits for a run."""
    sources = due.sources(now, silence())
    signs = [one for one in heartbeats(now).values() if one.silent and (one.at or sources)]
    said = [_sign(one, profile, language) for one in signs]
    for one in sources:
        if one.state == "late" and one.due:
            said.append(_OVERDUE.get(language).format(when=words.moment(one.due, profile.zone, language)))
    return (*said, _STAY.get(language)) if said else ()


def _sign(one: Heartbeat, profile: Profile, language: str) -> str:
    if one.at is None:
        return _NEVER[one.name].get(language)
    return _SILENT[one.name].get(language).format(when=words.moment(one.at, profile.zone, language))
