"""The public part of a run's page: its result, the outcome of its rows, and the time of each stage."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import place_truth, status
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
    "examine": Text("Examining the files", "Examinar los archivos"),
    "keep": Text("Keeping them", "Guardarlos"),
    "publish": Text("Publishing", "Publicar"),
}
_PARTS = (
    ("published", Text("Published", "Publicadas")),
    ("withheld", Text("Withheld", "Retenidas")),
    ("quarantined", Text("Set aside", "Apartadas")),
)


@dataclass(frozen=True)
class Bar:
    """A bar of a chart: its title, its figure in words, and its position on a scale of 0 to 100."""

    key: str
    title: str
    text: str
    begin: float
    width: float


@dataclass(frozen=True)
class RunPage:
    """A run. ``parts`` divide the rows that were read, ``stages`` the seconds; both may be empty."""

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
    places: str = ""
    """How true the published places are, in words; empty where there is none."""
    series: bool = False
    """Whether it is a run of a series, whose files are counted."""


def describe(run: Run, dataset: Dataset, profile: Profile, language: str) -> RunPage:
    """Return the page of ``run``; its counts are rounded like those of the status page."""
    line = status.run_line(run, profile, language, status.reasons_of(dataset))
    took = (run.finished - run.started).total_seconds() if run.finished else None
    return RunPage(
        line=line,
        dataset=dataset.name,
        title=dataset.title.get(language),
        means=status.means(run.state, language) if dataset.table or not line.read else "",
        ended=words.moment(run.finished, profile.zone, language) if run.finished else "",
        took=words.seconds(took, language) if took is not None else "",
        profile_version=run.profile_version,
        unchanged=words.number(run.unchanged, language) if line.read else "",
        parts=_parts(run, language) if line.read else (),
        stages=_stages(run, language),
        places=place_truth.sentences(run.places, profile.places.widest_metres, language) if line.read else "",
        series=dataset.table is None,
    )


def _parts(run: Run, language: str) -> tuple[Bar, ...]:
    """Return the bars of the rows' outcomes; all but the published rows are rounded, and so is their sum."""
    hidden = {"withheld": run.withheld, "quarantined": run.quarantined}
    rows = {"published": run.published, **{key: status.rounded(count) for key, count in hidden.items()}}
    texts = {
        "published": words.number(run.published, language),
        **{key: status.about(count, language) for key, count in hidden.items()},
    }
    return bars([(key, title.get(language), rows[key], texts[key]) for key, title in _PARTS])


def _stages(run: Run, language: str) -> tuple[Bar, ...]:
    """Return the bars of the stages' seconds, in the order of a run: the database keeps no order."""
    order = [*(stage for stage in _STAGES if stage in run.seconds), *sorted(run.seconds.keys() - _STAGES.keys())]
    titles = {stage: _STAGES.get(stage, Text(stage.capitalize())).get(language) for stage in order}
    return bars(
        [(stage, titles[stage], run.seconds[stage], words.seconds(run.seconds[stage], language)) for stage in order]
    )


def bars(values: list[tuple[str, str, float, str]]) -> tuple[Bar, ...]:
    """Return (key, title, value, text) as bars that follow one another and fill the scale."""
    total = sum(value for _, _, value, _ in values)
    begin, placed = 0.0, list[Bar]()
    for key, title, value, text in values:
        width = 100 * value / total if total else 0.0
        placed.append(Bar(key, title, text, round(begin, 2), round(width, 2)))
        begin += width
    return tuple(placed)
