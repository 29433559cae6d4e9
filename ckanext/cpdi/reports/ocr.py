"""Text for scanned pages, by OCR, where the machine has ``ocrmypdf`` and ``tesseract``, and the site wants it.

In: a clean PDF and what is known of it. Out: the same with an invisible text above the pictures, examined anew, so that
pages say that their text comes from OCR, and detectors read it. The programs run apart, under limits, as a file's own
process does; pages that have text stay as they are.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, structs

from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.reports.examination import examine
from ckanext.cpdi.reports.report import Examination, Finding, Limits, Refused
from ckanext.cpdi.whole_file import move

_PROGRAMS = ("ocrmypdf", "tesseract", "prlimit")
_LANGUAGES = {"en": "eng", "es": "spa"}
_ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}


class OcrFailed(PortalError):
    """The text of scanned pages could not be read; the report is as it was."""


class OcrLimits(Struct, frozen=True):
    """What reading the scanned pages of one report may cost: seconds on the clock, bytes of address space."""

    seconds: int = 600
    memory: int = 2_000_000_000
    megapixels: int = 100
    """Of one page: larger pictures are not read."""


def is_installed() -> bool:
    """Return whether this machine can read scanned pages."""
    return all(shutil.which(program) for program in _PROGRAMS)


def has_scans(examination: Examination) -> bool:
    """Return whether a report has pages that OCR could read."""
    return any(finding.kind == "scanned" for finding in examination.findings)


def read_scans(
    examination: Examination,
    clean: Path,
    picture: Path,
    limits: Limits | None = None,
    known: Collection[str] = (),
    ocr: OcrLimits | None = None,
) -> Examination:
    """Add text to the scanned pages of the clean file, in its place, and return what is then known of the report.

    The checksum and size of the file as it came, and what was removed from it, stay. Raises OcrFailed, after which the
    clean file and its picture are as they were.
    """
    draft, look = (path.with_name(f".{path.name}.ocr") for path in (clean, picture))
    read = draft.with_suffix(".read")
    try:
        _run(clean, draft, ocr or OcrLimits(), examination.language)
        again = examine(draft, read, look, limits, known, words=False)
        move(read, clean)
        move(look, picture)
    except Refused as error:
        raise OcrFailed("The text that OCR read is not fit to be published.") from error
    finally:
        for path in (draft, read, look):
            path.unlink(missing_ok=True)
    return structs.replace(
        again, sha256=examination.sha256, size=examination.size, findings=_joined(examination, again)
    )


def _joined(before: Examination, after: Examination) -> tuple[Finding, ...]:
    """Return what was removed from the file as it came, then all else as it is now."""
    removed = [finding for finding in before.findings if finding.kind == "removed"]
    return (*removed, *(finding for finding in after.findings if finding.kind != "removed"))


def _run(source: Path, target: Path, limits: OcrLimits, language: str) -> None:
    """Have ocrmypdf write ``target``; raise OcrFailed."""
    # The language of the report first; a report may have pages in the other one.
    first = _LANGUAGES.get(language, "eng")
    languages = "+".join(sorted(_LANGUAGES.values(), key=lambda each: each != first))
    command = ["prlimit", f"--as={limits.memory}", f"--cpu={limits.seconds}", "--core=0", "ocrmypdf", "--quiet"]
    command += [
        "--skip-text",
        "--output-type",
        "pdf",
        "--optimize",
        "0",
        "--pdf-renderer",
        "sandwich",
        "--jobs",
        "1",
        "--language",
        languages,
    ]
    command += ["--skip-big", str(limits.megapixels), str(source), str(target)]
    environment = {**_ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath)}
    process = subprocess.Popen(  # noqa: S603  programs of the machine, and paths of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=target.parent,
        env=environment,
        start_new_session=True,
    )
    try:
        code = process.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        raise OcrFailed(Said("OCR took more than {seconds} seconds.", seconds=limits.seconds)) from None
    finally:
        # What ocrmypdf started ends with it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        raise OcrFailed(Said("OCR ended with the code {code}.", code=code))
