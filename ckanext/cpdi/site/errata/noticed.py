"""What may tell who somebody is in a text that staff are about to publish: what it is, and the words."""

from __future__ import annotations

from ckanext.cpdi.reports.detectors import DETECTORS
from ckanext.cpdi.site.reports.desk_view import kind_title


def noticed(text: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return what each detector of reports finds in ``text``, in words, with the piece of text."""
    return tuple(
        (kind_title(detector.kind, language), text[first:end])
        for detector in DETECTORS
        for first, end in detector.find(text)
    )
