"""What everybody sees of one run: what it did, what became of the rows, where the time went."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import status
from ckanext.cpdi.site.runs.ledger import Run

_STAGES = {
    "fetch": Text("Fetching the export", "Obtener la exportación"),
    "open": Text("Opening it", "Abrirla"),
    "places": Text("Looking up its places", "Buscar sus lugares"),
    "read": Text("Reading its rows", "Leer sus filas"),
    "rows": Text("Checking and masking", "Comprobar y enmascarar"),
    "store": Text("Comparing with the table", "Comparar con la tabla"),
    "apply": Text("Writing what differs", "Escribir lo que difiere"),
    "commit": Text("Publishing", "Publicar"),
}
_PARTS = (
    ("published", Text("Published", "Publicadas")),
    ("withheld", Text("Withheld", "Retenidas")),
    ("quarantined", Text("Set aside", "Apartadas")),
)


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: what it is, its figure in words, and where it lies on a scale of 0 to 100."""

    key: str
    title: str
    text: str
    begin: float
    width: float


@dataclass(frozen=True)
class RunPage:
    """One run. ``parts`` divide the rows that were read, ``stages`` the seconds; they may be empty."""

    line: status.RunLine
    dataset: str
    title: str
    means: str
    ended: str
    took: str
    profile_version: str
    unchanged: str
    parts: tuple[Bar, ...]
    stages: tuple[Bar, ...]


def describe(run: Run, dataset: Dataset, profile: Profile, language: str) -> RunPage:
    """Return the page of ``run``; its counts are rounded as those of the status page are."""
    line = status.run_line(run, profile, language, status.own_reasons(dataset))
    took = (run.finished - run.started).total_seconds() if run.finished else None
    return RunPage(
        line=line,
        dataset=dataset.name,
        title=dataset.title.get(language),
        means=status.means(run.state, language),
        ended=words.moment(run.finished, profile.zone, language) if run.finished else "",
        took=words.seconds(took, language) if took is not None else "",
        profile_version=run.profile_version,
        unchanged=words.number(run.unchanged, language) if line.read else "",
        parts=_parts(run, language) if line.read else (),
        stages=_stages(run, language),
    )


def _parts(run: Run, language: str) -> tuple[Bar, ...]:
    """Return what became of the rows; all but the published ones are rounded, and so is what they add up to."""
    hidden = {"withheld": run.withheld, "quarantined": run.quarantined}
    rows = {"published": run.published, **{key: status.rounded(one) for key, one in hidden.items()}}
    texts = {
        "published": words.number(run.published, language),
        **{key: status.about(one, language) for key, one in hidden.items()},
    }
    return bars([(key, title.get(language), rows[key], texts[key]) for key, title in _PARTS])


def _stages(run: Run, language: str) -> tuple[Bar, ...]:
    """Return how long each stage took, in the order of the night; the database keeps none."""
    order = [*(stage for stage in _STAGES if stage in run.seconds), *sorted(run.seconds.keys() - _STAGES.keys())]
    titles = {stage: _STAGES.get(stage, Text(stage.capitalize())).get(language) for stage in order}
    return bars(
        [(stage, titles[stage], run.seconds[stage], words.seconds(run.seconds[stage], language)) for stage in order]
    )


def bars(values: list[tuple[str, str, float, str]]) -> tuple[Bar, ...]:
    """Return (key, title, value, text) as bars that lie one after the other and fill the scale."""
    total = sum(value for _, _, value, _ in values)
    begin, made = 0.0, list[Bar]()
    for key, title, value, text in values:
        width = 100 * value / total if total else 0.0
        made.append(Bar(key, title, text, round(begin, 2), round(width, 2)))
        begin += width
    return tuple(made)
