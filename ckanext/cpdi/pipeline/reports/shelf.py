"""The files of the archive: what waits for staff lies in the private folder, what is published among the public files.

The database says what a report is, and the files follow it: whatever stops in between, :func:`settle` puts it right.
Whoever moves files holds the claim on the files of their series, for a moment each time. What is done with many reports
is done with all of them at once: one claim, one transaction, and the disk is waited for when all names are there.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ckanext.cpdi import config
from ckanext.cpdi.pipeline.claim import claim
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.publish.report_files import PDF, PICTURE
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.reports import Held, Received
from ckanext.cpdi.whole_file import move, sync, written

_EXTENSIONS: tuple[report_files.Extension, ...] = (PDF, PICTURE)
_NO_SECOND_NAME = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP)
"""What a system says where a file cannot have a second name: on another file system, or on one that knows none."""


@dataclass(frozen=True)
class CleanFile:
    """A cleaned report and the picture of its first page, on the disk; the picture may be missing."""

    pdf: Path
    picture: Path


def keep(store: Store, arrivals: Sequence[tuple[Received, CleanFile]], run: int | None) -> dict[str, UUID]:
    """Store reports of one series as held, with their files, all or none; return their ids by their checksums.

    One whose file is in the series already is left out.
    """
    if not arrivals:
        return {}
    series = arrivals[0][0].series
    with _files(series):
        folder = report_files.held_folder(config.private_path(), series)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for received, files in arrivals:
            for made, extension in zip((files.pdf, files.picture), _EXTENSIONS, strict=True):
                if made.exists():
                    made.chmod(0o600)
                    sync(made)
                    move(made, report_files.held_file(config.private_path(), series, received.sha256, extension))
        sync(folder)
        return store.reports.receive_all([received for received, _ in arrivals], run)


def publish(store: Store, series: str, reports: Sequence[UUID], who: str = "", note: str = "") -> None:
    """Publish held reports of ``series`` and their files, all or none. Raises StoreError as the store does.

    Their files are in both places before readers can know of them.
    """
    if not reports:
        return
    with _files(series):
        with store.reports.publishing(reports, who, note) as published:
            _place(published)
        for report in published:
            _delete_held(report)


def withdraw(store: Store, report: UUID, who: str, note: str = "") -> Held:
    """Take a report and its files out, held or published; return it as it was. Raises StoreError as the store does."""
    known = store.reports.get(report)
    if known is None:
        return store.reports.withdraw(report, who, note)  # raises
    with _files(known.series):
        before = store.reports.withdraw(report, who, note)
        _delete_held(before)
        if before.edition is not None:
            for extension in _EXTENSIONS:
                _public(before, extension).unlink(missing_ok=True)
        return before


def settle(store: Store, series: str) -> None:
    """Bring the files of ``series`` to what the database says: what is published is there, and nothing else is."""
    with _files(series):
        published = {_public(report): report for report in store.reports.published(series)}
        held = {report.sha256 for report in store.reports.held(series)}
        _place([report for path, report in published.items() if not path.exists()])
        folder = report_files.public_folder(config.files_path(), series)
        for path in list(folder.glob("*/*")):
            if path.with_suffix(".pdf") not in published and path.suffix in (".pdf", ".webp"):
                path.unlink(missing_ok=True)
        kept = held | {report.sha256 for path, report in published.items() if not path.exists()}
        for path in report_files.held_folder(config.private_path(), series).glob("*"):
            if path.stem not in kept:
                path.unlink(missing_ok=True)


def remove(series: str) -> None:
    """Delete all files of ``series``."""
    with _files(series):
        for folder in (
            report_files.public_folder(config.files_path(), series),
            report_files.held_folder(config.private_path(), series),
        ):
            shutil.rmtree(folder, ignore_errors=True)


def file_of(report: Held) -> Path:
    """Return where the PDF of a held or published report lies."""
    if report.state == "published":
        return _public(report)
    return report_files.held_file(config.private_path(), report.series, report.sha256)


def _place(reports: Iterable[Held]) -> None:
    """Put the files of published reports into the public folder, safe on the disk; the private ones stay."""
    folders = set[Path]()
    for report in reports:
        for extension in _EXTENSIONS:
            source = report_files.held_file(config.private_path(), report.series, report.sha256, extension)
            target = _public(report, extension)
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                folders |= {target.parent, target.parent.parent}
                _double(source, target)
    for folder in folders:
        sync(folder)


def _double(source: Path, target: Path) -> None:
    """Give a file whose content is on the disk a second name, also on another file system."""
    source.chmod(0o644)  # nobody else gets into its own folder
    try:
        target.unlink(missing_ok=True)
        target.hardlink_to(source)
    except OSError as error:
        if error.errno not in _NO_SECOND_NAME:
            raise
        with written(target, mode=0o644, durable=True) as unfinished:
            shutil.copyfile(source, unfinished)


def _delete_held(report: Held) -> None:
    """Delete the files of a report in the private folder."""
    for extension in _EXTENSIONS:
        report_files.held_file(config.private_path(), report.series, report.sha256, extension).unlink(missing_ok=True)


def _public(report: Held, extension: report_files.Extension = PDF) -> Path:
    if report.period_start is None or report.period_end is None or report.edition is None:
        raise ValueError("a report that is not published has no public file")
    period = report_files.period_name(report.period_start, report.period_end)
    return report_files.public_file(config.files_path(), report.series, period, report.edition, extension)


@contextmanager
def _files(series: str) -> Generator[None]:
    """Hold the claim on the files of ``series``, which others wait for."""
    with claim(f"reports {series}", wait=True):
        yield
