"""The files of a collection, read one after the other: known ones are passed over, new ones are examined two at a time.

In: the entries of a collection. Out: each file as it was met, in its order; new reports are kept as held.
"""

from __future__ import annotations

import hmac
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import ckanext.cpdi
from ckanext.cpdi import config
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds import FeedError, Spool, Unchanged, Version
from ckanext.cpdi.feeds.collections import Entry
from ckanext.cpdi.feeds.files.spool import SpoolFolder
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.reports import shelf
from ckanext.cpdi.pipeline.reports.intake import REFUSED, Examined, Intake
from ckanext.cpdi.reports import Refused
from ckanext.cpdi.store.reports import Known, SourceFile

AT_ONCE = 2
"""Files that are examined at the same time."""
TOGETHER = 32
"""Examined reports that are kept at once: a claim and a transaction, and so much that a killed run does again."""
SYNTHETIC = "SAMPLE"
"""What the names of synthetic reports begin with."""


@dataclass(frozen=True)
class Seen:
    """A file of a run: its name, and its checksum where it came. ``code`` is why it is no report, with a sentence."""

    name: str
    sha256: str = ""
    code: str = ""
    words: str = ""


class Reading:
    """One pass over the files of a series' source; ``known`` grows with each file that is kept or refused."""

    def __init__(self, context: RunContext, run: int, intake: Intake) -> None:
        """Take what earlier runs know."""
        series, store = context.dataset.name, context.store
        self._context, self._run, self._intake = context, run, intake
        self.known = store.reports.known(series, ckanext.cpdi.__version__)
        if context.force:
            self.known = {sha256: known for sha256, known in self.known.items() if known.state != "refused"}
        self._sources = store.intake.sources(series, datetime.now(UTC))
        self._brought: dict[str, SourceFile] = {}
        self._examined: list[Examined] = []

    def read(self, entries: Iterable[Entry]) -> list[Seen]:
        """Return all files in their order; what their source said of their versions is remembered at the end."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cpdi-report") as pool:
            try:
                files = list(self._files(entries, pool))
            finally:
                self._keep()
        self._context.store.intake.remember(self._context.dataset.name, self._brought)
        return files

    def _files(self, entries: Iterable[Entry], pool: ThreadPoolExecutor) -> Iterator[Seen]:
        """Yield each file; while the pool examines some, the next ones are fetched."""
        waiting: deque[Seen | tuple[Seen, Future[Examined]]] = deque()
        try:
            for entry in entries:
                with self._context.stopwatch.stage("fetch"):
                    waiting.append(self._fetch(entry, pool))
                while len(waiting) > 2 * AT_ONCE or (waiting and isinstance(waiting[0], Seen)):
                    yield self._finished(waiting.popleft())
            while waiting:
                yield self._finished(waiting.popleft())
        finally:
            for file in waiting:  # empty, unless something failed
                if not isinstance(file, Seen):
                    file[1].cancel()
                    file[1].add_done_callback(_forget)

    def _fetch(self, entry: Entry, pool: ThreadPoolExecutor) -> Seen | tuple[Seen, Future[Examined]]:
        """Return a file that need not be examined, or begin to examine it."""
        if config.production() and entry.name.upper().startswith(SYNTHETIC):
            words = Said("Its name says that it is synthetic: a real portal does not publish it.")
            return Seen(entry.name, code="report_synthetic", words=words)
        address = _hashed(entry.address) if entry.address else ""
        previous = self._sources.get(address)
        if previous is not None and previous.sha256 not in self.known:
            previous = None
        try:
            spool = entry.fetch(_version(previous), self.known)
        except Unchanged:
            return Seen(entry.name, previous.sha256 if previous else "")
        except FeedError as error:
            return Seen(entry.name, code="report_unreachable", words=error.said)
        if isinstance(spool, str):
            return Seen(entry.name, spool)
        if address:
            self._brought[address] = _source_file(spool.version)
        seen = Seen(entry.name, spool.version.sha256)
        if seen.sha256 in self.known:
            spool.delete()
            return seen
        # Another copy of it in the same collection is not examined again.
        self.known[seen.sha256] = Known("held")
        return seen, pool.submit(partial(_examine, self._intake, seen.name, spool))

    def _finished(self, file: Seen | tuple[Seen, Future[Examined]]) -> Seen:
        """Return a file once it is examined, or refused."""
        if isinstance(file, Seen):
            return file
        seen, future = file
        try:
            with self._context.stopwatch.stage("examine"):
                self._examined.append(future.result())
        except Refused as error:
            self.known[seen.sha256] = Known("refused", None, error.said, REFUSED + error.reason)
        if len(self._examined) >= TOGETHER:
            self._keep()
        return seen

    def _keep(self) -> None:
        """Keep what was examined. What staff sent meanwhile is in the series already."""
        examined, self._examined = self._examined, []
        try:
            with self._context.stopwatch.stage("keep"):
                arrivals = [(self._intake.received(each), each.files) for each in examined]
                shelf.keep(self._context.store, arrivals, self._run)
        finally:
            for each in examined:
                each.folder.delete()


def _examine(intake: Intake, name: str, spool: Spool) -> Examined:
    """Examine a fetched file, which is deleted; the clean file lies in a folder of the spool."""
    with spool:
        folder = SpoolFolder(config.spool_path())
        try:
            return intake.examine(spool.path, name, folder, scans=config.reports_ocr())
        except BaseException:
            folder.delete()
            raise


def _forget(future: Future[Examined]) -> None:
    """Delete the files of an examination that nobody waits for any more."""
    if not future.cancelled() and future.exception() is None:
        future.result().folder.delete()


def _hashed(address: str) -> str:
    """Return a keyed hash that stands for an address in the database, since an address may have secrets."""
    return hmac.digest(config.secret(), b"report\0" + address.encode(), "sha256").hex()


def _version(file: SourceFile | None) -> Version | None:
    if file is None:
        return None
    return Version(file.file_name, file.sha256, file.size, file.etag, file.last_modified, file.version_address)


def _source_file(version: Version) -> SourceFile:
    return SourceFile(version.name, version.sha256, version.size, version.etag, version.last_modified, version.address)
