"""Warnings of the status page: the scheduler or the worker is silent, or a run that was due has not started."""

from __future__ import annotations

from datetime import datetime

from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.services.heartbeat import Heartbeat, Name, heartbeats, silence
from ckanext.cpdi.services.lateness import sources as due
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
    """Return the warnings; none where all is well, or where no harvest source waits for a run."""
    sources = due.sources(now, silence())
    silent = [heartbeat for heartbeat in heartbeats(now).values() if heartbeat.silent and (heartbeat.at or sources)]
    texts = [_silence_text(heartbeat, profile, language) for heartbeat in silent]
    for source in sources:
        if source.state == "late" and source.due:
            texts.append(_OVERDUE.get(language).format(when=words.moment(source.due, profile.zone, language)))
    return (*texts, _STAY.get(language)) if texts else ()


def _silence_text(heartbeat: Heartbeat, profile: Profile, language: str) -> str:
    if heartbeat.at is None:
        return _NEVER[heartbeat.name].get(language)
    return _SILENT[heartbeat.name].get(language).format(when=words.moment(heartbeat.at, profile.zone, language))
