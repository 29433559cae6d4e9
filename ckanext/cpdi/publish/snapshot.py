"""Builds the files of a dataset whose version, or recipe, differs from the table's.

In: the table, read once in one transaction. Out: files on the shelf, each put there whole; a build that was cut short
leaves the old files, and the next one heals.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Lock

import polars as pl

from ckanext.cpdi.declare import Dataset, Profile, Table
from ckanext.cpdi.errors import Said
from ckanext.cpdi.publish import room, snapshot_store
from ckanext.cpdi.publish.columnar import build as columnar
from ckanext.cpdi.publish.columnar import shelf
from ckanext.cpdi.publish.completeness import Completeness
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats import offered
from ckanext.cpdi.publish.install import install_package, install_snapshot, put_away
from ckanext.cpdi.publish.recipe import recipe
from ckanext.cpdi.publish.rows import arrow
from ckanext.cpdi.publish.rows.source import BATCH, Source, State, open_source
from ckanext.cpdi.publish.rows.spool import CELL, Spool
from ckanext.cpdi.publish.site import Site
from ckanext.cpdi.whole_file import put

WORKERS = 2
AHEAD = timedelta(days=1)
"""How long before it begins a year gets its files, so that the default view has one from its first minute."""
COLUMNS = "parquet"
"""The format that rows are kept in between reading and writing: typed, and small."""


class SnapshotError(RuntimeError):
    """The rows read are not those that the store says there are, or cannot be read again."""


def build(
    read_dsn: str,
    dataset: Dataset,
    profile: Profile,
    folder: Path,
    site: Site,
    now: datetime | None = None,
    *,
    only: Sequence[str] = (),
) -> list[Path]:
    """Bring the files of ``dataset`` under ``folder`` up to the table's version; return those that were built.

    Files are made in the formats ``only``, or in all, as far as the table has what they show; those in others go.

    Where the default view is a year, that of ``now`` and of the next day have files even while they have no rows.

    Returns none where the table has not been built. Waits while another process builds the same dataset. Raises
    SnapshotError where rows and counts differ, and NoRoomError where the disk has no room for new files beside the old;
    the files that were there stay.
    """
    home = folder / dataset.name
    home.mkdir(parents=True, exist_ok=True)
    with snapshot_store.locked(home), _workshop(home) as work:
        with open_source(read_dsn) as source:
            state = source.state(dataset.name)
            if state is None:
                return []
            started_years = _shown_years(dataset, profile, now or datetime.now(UTC))
            files = _Files(dataset, profile, site, state, started_years, home, work, offered(dataset.rows, only))
            columns = _Columns(dataset.rows, state, profile.time_zone, home, work)
            room.check(home, files.size() + columns.size())
            files.read(source)
            columns.read(source)
        files.write()
        return files.put(folder, columns.put())


@dataclass
class _Job:
    """A file that is wanted: where it lies when it is done, and where it is made."""

    extract: Extract
    kind: Format
    target: Path
    made: Path
    missing: bool

    @property
    def file(self) -> Path:
        """The file that is there to be read, once its turn has passed."""
        return self.made if self.made.exists() else self.target


class _Files:
    """The files of one version: one of each format for the whole, for each year, and for those of ``started_years``
    that have no rows yet.
    """

    def __init__(
        self,
        dataset: Dataset,
        profile: Profile,
        site: Site,
        state: State,
        started_years: set[int],
        home: Path,
        work: Path,
        kinds: Mapping[str, Format],
    ) -> None:
        self.state = state
        self.empty = sorted(started_years - {year.year for year in state.years})
        made_by = recipe(dataset, profile, site)
        parts = {
            year: Extract(dataset, profile, site, version, state.published_at, year, rows, partial(self._batches, year))
            for year, version, rows in (
                (None, state.version, state.rows),
                *((year.year, year.version, year.rows) for year in state.years),
                *((year, state.version, 0) for year in self.empty),
            )
        }
        self.whole, self.years = parts[None], [year.year for year in state.years]
        self.jobs: dict[tuple[int | str | None, str], _Job] = {}
        self._spools = {year: (Spool(work / f"{year or 'all'}-rows"), Lock()) for year in parts}
        self._place = partial(_job, home, work, made_by)
        for year, extract in parts.items():
            for extension, kind in kinds.items():
                self.jobs[year, extension] = self._place(extract, kind)
        self.joined = sum(year.rows for year in state.years) == state.rows
        """Whether the years hold every row: else some have no time, and the whole is read by itself."""

    def size(self) -> int:
        """Return the bytes that the missing files will have, about, and their rows in between."""
        missing = [job for job in self.jobs.values() if job.missing]
        cells = sum(
            extract.rows for extract in {job.extract.year: job.extract for job in missing if job.extract.year}.values()
        )
        return sum(job.kind.size(job.extract) for job in missing) + cells * len(self.whole.table.fields) * CELL

    def read(self, source: Source) -> None:
        """Read the parts that are not on the shelf as columns; every other file is made of these."""
        for year in (*self.years, *self.empty, *([] if self.joined else [None])):
            job = self.jobs[year, COLUMNS]
            if job.missing:
                rows = source.batches(job.extract.table, self.state.resource_id, job.extract.zone, year)
                job.made.parent.mkdir()
                job.kind.make(replace(job.extract, batches=partial(self._spools[year][0].fill, rows)), job.made)
                rows = arrow.count(job.made)
                if rows != job.extract.rows:
                    raise SnapshotError(
                        Said(
                            "{name}: {rows} rows read, the store says {rows2}",
                            name=job.extract.name,
                            rows=rows,
                            rows2=job.extract.rows,
                        )
                    )
        self._read_completeness(source)

    def write(self) -> None:
        """Write what is missing: the years first, since the whole is strung together from them."""
        turns: dict[tuple[bool, bool], list[_Job]] = {}
        for job in self.jobs.values():
            if job.missing and not job.made.exists():
                turns.setdefault((job.extract.year is None, bool(job.kind.made_from)), []).append(job)
        with ThreadPoolExecutor(WORKERS) as workers:
            for turn in sorted(turns):
                list(workers.map(self._write, turns[turn]))

    def _read_completeness(self, source: Source) -> None:
        """Make the file on completeness; while this version has not been counted, the file before stays."""
        counted = source.completeness(self.whole.dataset.name)
        if counted is None:
            return
        version, counts = counted
        kind = Completeness()
        extract = replace(self.whole, version=version, about=kind.about, rows=counts.height)
        job = self._place(extract, kind)
        if job.missing and version != self.state.version:
            return
        if job.missing:
            job.made.parent.mkdir()
            kind.make(replace(extract, batches=lambda: iter([counts])), job.made)
        self.jobs[kind.about, kind.extension] = job

    def put(self, folder: Path, beside: Path) -> list[Path]:
        """Put the files on the shelf, and clear it of what is no longer wanted; the file ``beside`` them stays."""
        done = [job for job in self.jobs.values() if job.missing]
        for job in done:
            install_snapshot(job.extract, job.kind, job.made, job.target)
        put_away(folder, self.whole.dataset.name, {beside, *(job.target for job in self.jobs.values())})
        install_package(folder, self.whole)
        return [job.target for job in done]

    def _write(self, job: _Job) -> None:
        job.made.parent.mkdir()
        if job.extract.year is None and self.joined:
            pieces = [self.jobs[year, job.kind.extension] for year in self.years]
            job.kind.join(job.extract, [(piece.extract, piece.file) for piece in pieces], job.made)
        elif source := self.jobs.get((job.extract.year, job.kind.made_from)):
            job.kind.wrap(job.extract, source.file, job.made)
        else:
            job.kind.make(job.extract, job.made)

    def _batches(self, year: int | None) -> Iterator[pl.DataFrame]:
        sources: Iterable[int | None] = self.years if year is None and self.joined else [year]
        for source in sources:
            spool, lock = self._spools[source]
            with lock:
                if not spool.is_full:
                    for _ in spool.fill(self._decoded(source)):
                        pass
            yield from spool.frames()

    def _decoded(self, year: int | None) -> Iterator[pl.DataFrame]:
        """Yield the rows of a part from its columns."""
        job = self.jobs[year, COLUMNS]
        try:
            yield from arrow.read(job.file, job.extract.table, job.extract.zone, BATCH)
        except arrow.DAMAGED as error:
            if isinstance(error, OSError) and error.errno:  # the disk, and not the file
                raise
            job.target.unlink(missing_ok=True)
            raise SnapshotError(
                Said("{name} is damaged: the next build makes it anew", name=job.target.name)
            ) from error


class _Columns:
    """The columnar file of the version, which answers are made of; it is none of the downloads."""

    def __init__(self, table: Table, state: State, zone: str, home: Path, work: Path) -> None:
        self._table, self._state, self._zone = table, state, zone
        self._target = shelf.path_of(home, state.version, table, zone)
        self._made = work / self._target.name
        self._missing = not shelf.is_whole(self._target)

    def size(self) -> int:
        """Return the bytes that the file will have, about, if it is missing."""
        return self._state.rows * len(self._table.fields) * shelf.CELL if self._missing else 0

    def read(self, source: Source) -> None:
        """Make the file, if it is missing."""
        if self._missing:
            columnar.make(source, self._table, self._state, self._zone, self._made, self._target.parent)

    def put(self) -> Path:
        """Put the file on the shelf; return where it lies."""
        if self._missing:
            put(self._made, self._target)
        return self._target


def _job(home: Path, work: Path, made_by: str, extract: Extract, kind: Format) -> _Job:
    """Return the file of ``extract`` in the format ``kind``: on the shelf ``home``, and in the folder ``work``."""
    target = home / snapshot_store.file_name(extract.about or extract.year, extract.version, made_by, kind)
    made = work / f"{extract.about or extract.year or 'all'}-{kind.extension}" / f"{extract.name}.{kind.extension}"
    return _Job(extract, kind, target, made, not snapshot_store.is_whole(target))


def _shown_years(dataset: Dataset, profile: Profile, now: datetime) -> set[int]:
    """Return the years that the default view shows today or tomorrow; none where it shows all rows."""
    years = (dataset.shown_year(profile.zone, instant) for instant in (now, now + AHEAD))
    return {year for year in years if year is not None}


@contextmanager
def _workshop(home: Path) -> Generator[Path]:
    """Give a folder beside the files to work in; one that a crash left behind goes first."""
    for old in home.glob(".build-*"):
        shutil.rmtree(old)
    work = Path(tempfile.mkdtemp(prefix=".build-", dir=home))
    try:
        yield work
    finally:
        shutil.rmtree(work)
