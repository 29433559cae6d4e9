"""The files of the archive: what waits for staff lies in the private folder, what is published among the public files.

The database says what a report is, and the files follow it: whatever stops in between, :func:`settle` puts it right.
Whoever moves a file holds the claim on the files of its series, for a moment each time.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Generator
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
from ckanext.cpdi.whole_file import move, put, sync, written

_EXTENSIONS: tuple[report_files.Extension, ...] = (PDF, PICTURE)


@dataclass(frozen=True)
class CleanFile:
    """A cleaned report and the picture of its first page, on the disk; the picture may be missing."""

    pdf: Path
    picture: Path


def keep(store: Store, received: Received, files: CleanFile, run: int | None) -> UUID:
    """Store a report as held, with its files; return its id. Raises StoreError where the file is in the series."""
    with _files(received.series):
        for made, extension in zip((files.pdf, files.picture), _EXTENSIONS, strict=True):
            if made.exists():
                _put(made, report_files.held_file(config.private_path(), received.series, received.sha256, extension))
        return store.reports.receive(received, run)


def publish(store: Store, report: UUID, who: str = "", note: str = "") -> Held:
    """Publish a held report and its files; return it. Raises StoreError as the store does."""
    return _decided(store, report, lambda: store.reports.publish(report, who, note))


def withdraw(store: Store, report: UUID, who: str, note: str = "") -> Held:
    """Take a report and its files out, held or published; return it as it was. Raises StoreError as the store does."""
    return _decided(store, report, lambda: store.reports.withdraw(report, who, note))


def settle(store: Store, series: str) -> None:
    """Bring the files of ``series`` to what the database says: what is published is there, and nothing else is."""
    with _files(series):
        published = {_public(report): report for report in store.reports.published(series)}
        held = {report.sha256 for report in store.reports.held(series)}
        for path, report in published.items():
            if not path.exists():
                _release(report)
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


def _decided(store: Store, report: UUID, decide: Callable[[], Held]) -> Held:
    """Decide on a report and let its files follow."""
    known = store.reports.get(report)
    if known is None:
        return decide()  # raises
    with _files(known.series):
        before = decide()
        after = store.reports.get(report)
        if after is not None and after.state == "published":
            _release(after)
        else:
            _delete(before)
        return before


def _release(report: Held) -> None:
    """Move the files of a report from the private folder to the public one; what is not there was moved before."""
    for extension in _EXTENSIONS:
        source = report_files.held_file(config.private_path(), report.series, report.sha256, extension)
        target = _public(report, extension)
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.chmod(0o644)
            _move(source, target)


def _delete(report: Held) -> None:
    """Delete the files of a report that was held or published."""
    for extension in _EXTENSIONS:
        report_files.held_file(config.private_path(), report.series, report.sha256, extension).unlink(missing_ok=True)
        if report.edition is not None:
            _public(report, extension).unlink(missing_ok=True)


def _public(report: Held, extension: report_files.Extension = PDF) -> Path:
    if report.period_start is None or report.period_end is None or report.edition is None:
        raise ValueError("a report that is not published has no public file")
    period = report_files.period_name(report.period_start, report.period_end)
    return report_files.public_file(config.files_path(), report.series, period, report.edition, extension)


def _put(made: Path, target: Path) -> None:
    """Put a file into the private folder, safe on the disk before the database knows of it."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made.chmod(0o600)
    put(made, target)


def _move(source: Path, target: Path) -> None:
    """Move a file whose content is on the disk, also to another file system."""
    try:
        move(source, target)
        sync(target.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with written(target, mode=0o644, durable=True) as unfinished:
            shutil.copyfile(source, unfinished)
        source.unlink()


@contextmanager
def _files(series: str) -> Generator[None]:
    """Hold the claim on the files of ``series``, which others wait for."""
    with claim(f"reports {series}", wait=True):
        yield
