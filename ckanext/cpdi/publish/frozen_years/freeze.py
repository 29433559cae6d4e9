"""Freezes closed years once a year, and takes out of frozen ones what has left the table.

In: the table, through the role that may only read. Out: archives
(:mod:`ckanext.cpdi.publish.frozen_years.frozen`), each put there whole; what was cut short is done by the next call.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec
from psycopg import sql

from ckanext.cpdi.declare import Dataset, FreezeDay, Profile
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.archive import Archive
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import StreamFormat
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.frozen_years import frozen, rewrite
from ckanext.cpdi.publish.frozen_years.frozen import Frozen
from ckanext.cpdi.publish.package import citation
from ckanext.cpdi.publish.rows.row_id import with_ids
from ckanext.cpdi.publish.rows.source import Source, State, Year, open_source
from ckanext.cpdi.publish.site import Site

_BLOCK = 50_000
"""Ids that are looked for at once."""
_ROW = 1000
"""Bytes that a row has at most, about; an archive of 2 GB and more is written in another way."""


@dataclass(frozen=True)
class _Work:
    """What a freeze and a purge need."""

    source: Source
    state: State
    folder: Path
    workshop: Path
    rules: str


def purge(read_dsn: str, dataset: str, folder: Path) -> list[int]:
    """Bring the archives of ``dataset`` into line with what its table has and hides; return the years that changed.

    Rows that have left the table leave every archive. Where the rules changed, an archive that may show what the new
    ones hide goes; the next freeze makes it anew. Cheap where nothing happened.
    """
    if not frozen.archives(folder, dataset):
        return []
    with _working(read_dsn, dataset, folder) as work:
        return _keep_all(work, dataset) if work else []


def freeze(
    read_dsn: str,
    dataset: Dataset,
    profile: Profile,
    folder: Path,
    site: Site,
    day: FreezeDay,
    today: date,
    *,
    force: bool = False,
) -> list[int]:
    """Bring the archives of ``dataset`` under ``folder`` up to the last freeze day; return the years that changed.

    A closed year is frozen where it has no archive, or was corrected after an earlier freeze day; with ``force`` in any
    case. The archives are purged first.
    """
    with _working(read_dsn, dataset.name, folder) as work:
        if work is None:
            return []
        last, changed = day.last(today), _keep_all(work, dataset.name)
        there = {archive.year: archive for archive in frozen.archives(folder, dataset.name)}
        for year in work.state.years:
            if year.year < last.year and (force or _is_due(year, there.get(year.year), last)):
                _freeze_year(work, dataset, profile, site, year, today)
                changed.append(year.year)
        return sorted(set(changed))


@contextmanager
def _working(read_dsn: str, dataset: str, folder: Path) -> Generator[_Work | None]:
    """Open the table for one that changes archives, alone; None where there is no table."""
    home = frozen.home(folder, dataset)
    home.mkdir(parents=True, exist_ok=True)
    with (
        snapshot_store.locked(home),
        tempfile.TemporaryDirectory(dir=home) as workshop,
        open_source(read_dsn) as source,
    ):
        state = source.state(dataset)
        yield _Work(source, state, folder, Path(workshop), _rules(source, dataset)) if state else None


def _keep_all(work: _Work, dataset: str) -> list[int]:
    """Bring every archive into line; return the years of those that are other ones now, or gone."""
    return [year for archive in frozen.archives(work.folder, dataset) if (year := _keep(work, archive))]


def _is_due(year: Year, there: Frozen | None, last: date) -> bool:
    """Return whether a closed year is to be frozen now: it has no archive, or was corrected since an earlier one."""
    return there is None or (there.frozen < last and there.source != year.version)


def _freeze_year(work: _Work, dataset: Dataset, profile: Profile, site: Site, year: Year, today: date) -> None:
    """Write the archive of one year as it stands."""
    kind = formats()["csv"]
    assert isinstance(kind, StreamFormat)  # noqa: S101  for the type checker: it is one
    whole = with_ids(dataset)
    rows = partial(work.source.batches, whole.rows, work.state.resource_id, profile.time_zone, year.year)
    extract = Extract(whole, profile, site, work.state.version, work.state.published_at, year.year, year.rows, rows)
    made = work.workshop / f"{year.year}.zip"
    with Archive(made, extract, kind) as archive:
        archive.add(f"{extract.name}.csv", kind.stream(extract), extract.rows * _ROW, rows=True)
    said = Frozen(
        dataset=dataset.name,
        year=year.year,
        version=extract.version,
        frozen=today,
        rows=year.rows,
        bytes=0,
        sha256="",
        citation=citation(extract),
        source=year.version,
        checked=year.version,
        rules=work.rules,
    )
    frozen.put(work.folder, said.of(made), made)


def _keep(work: _Work, archive: Frozen) -> int | None:
    """Bring an archive into line with what the table has and hides; return its year if it is another one now.

    Where the rules changed, an archive that is what the table shows may stay: none of its rows looks otherwise by the
    new ones. Any other goes, to be frozen anew, since it might show what they hide. Else a year that a run has touched
    since the last look is looked through for rows that left.
    """
    now = next((year for year in work.state.years if year.year == archive.year), None)
    version = now.version if now else work.state.version
    if archive.rules != work.rules:
        if archive.source != version:
            frozen.drop(work.folder, archive)
            return archive.year
        frozen.put(work.folder, msgspec.structs.replace(archive, rules=work.rules))
        return None
    return _purge(work, archive, version) if archive.checked != version else None


def _purge(work: _Work, archive: Frozen, checked: str) -> int | None:
    """Take the rows out that the table has no more; return the archive's year if there were any, now or between runs.

    Where that fails, for want of space say, the archive goes: it must not show them any longer. The next freeze makes
    it anew.
    """
    path = frozen.home(work.folder, archive.dataset) / archive.file_name
    going = _gone(work, rewrite.ids(path))
    if not going and not (archive.between_runs and not work.state.between_runs):
        frozen.put(work.folder, msgspec.structs.replace(archive, checked=checked))
        return None
    if len(going) == archive.rows:
        frozen.drop(work.folder, archive)
        return archive.year
    made = work.workshop / f"{archive.year}.zip"
    try:
        new = rewrite.without(path, made, archive, work.state.version, going)
        said = msgspec.structs.replace(new, checked=checked, between_runs=work.state.between_runs)
        frozen.put(work.folder, said, made)
    except OSError:
        frozen.drop(work.folder, archive)
        raise
    return archive.year


def _gone(work: _Work, ids: Iterator[int]) -> set[int]:
    """Return those of ``ids`` that the table has not."""
    query = sql.SQL(
        "SELECT id FROM unnest(%s::int[]) AS wanted (id) WHERE NOT EXISTS (SELECT FROM {} AS rows WHERE rows._id = id)"
    ).format(sql.Identifier("public", work.state.resource_id))
    going: set[int] = set()
    while block := list(islice(ids, _BLOCK)):
        going.update(int(row_id) for (row_id,) in work.source.connection.execute(query, (block,)))
    return going


def _rules(source: Source, dataset: str) -> str:
    """Return what stands for the rules that the rows of ``dataset`` were masked by."""
    row = source.connection.execute("SELECT rules FROM public._cpdi_form WHERE dataset = %s", (dataset,)).fetchone()
    return str(row[0]) if row else ""
