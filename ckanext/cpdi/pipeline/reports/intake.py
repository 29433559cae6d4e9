"""One file on its way into the archive: examined, and kept as held with what was noticed in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.feeds.files.spool import SpoolFolder
from ckanext.cpdi.pipeline.reports.shelf import CleanFile
from ckanext.cpdi.reports import Examination, Limits, Period, examine, ocr, propose
from ckanext.cpdi.store.reports import Notice, PageText, Received

log = logging.getLogger(__name__)

LIMITS = Limits()
REFUSED = "pdf_"
"""What stands before a reason of :class:`ckanext.cpdi.reports.Refused` in the ledger."""


@dataclass(frozen=True)
class Intake:
    """A series as a department has it: how its periods are read, and which texts may stand in any report."""

    dataset: Dataset
    profile: Profile

    def examine(self, source: Path, name: str, folder: SpoolFolder, *, scans: bool = False) -> Examined:
        """Return the file ``source``, called ``name``, as examined; the clean file and the picture lie in ``folder``.

        With ``scans``, its scanned pages get their text by OCR; where that fails, they stay as they are. Raises Refused
        for one that is no report.
        """
        files = CleanFile(folder.path / "clean.pdf", folder.path / "page.webp")
        agency = self.profile.agency
        texts = (agency.name.en, agency.name.es, agency.contact_name.en, agency.contact_name.es)
        known = {agency.contact_email, agency.city, *texts} - {""}
        examination = examine(source, files.pdf, files.picture, LIMITS, known, words=False)
        if scans and ocr.has_scans(examination):
            try:
                examination = ocr.read_scans(examination, files.pdf, files.picture, LIMITS, known)
            except ocr.OcrFailed as error:
                log.warning("%s: %s", self.dataset.name, error)
        return Examined(name, examination, self.period(name, examination.pages[0].text), files, folder)

    def period(self, name: str, first_page: str = "") -> Period | None:
        """Return the period that the name of a file or its first page says; None where neither does."""
        rules = self.profile.rules(self.dataset)
        return propose(name, first_page, rules) if rules else None

    def received(self, examined: Examined) -> Received:
        """Return the report as the store keeps it."""
        examination, period = examined.examination, examined.period
        return Received(
            series=self.dataset.name,
            file_name=examined.name,
            sha256=examination.sha256,
            clean_sha256=examination.clean_sha256,
            size=examination.clean_size,
            pages=tuple(PageText(page.number, page.text, page.origin) for page in examination.pages),
            notices=tuple(
                Notice(finding.page, finding.kind, finding.excerpt, finding.box or (), finding.holds)
                for finding in examination.findings
            ),
            tagged=examination.tagged,
            language=examination.language or "en",
            period=(period.start, period.end) if period else None,
        )


@dataclass(frozen=True)
class Examined:
    """An examined file with its clean form; ``folder`` is to be deleted once that is kept."""

    name: str
    examination: Examination
    period: Period | None
    files: CleanFile
    folder: SpoolFolder
