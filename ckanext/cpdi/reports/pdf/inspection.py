"""Everything that is done with one file, in the order in which it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from ckanext.cpdi.reports.pdf import findings
from ckanext.cpdi.reports.pdf.cleaning import Cleaned, clean
from ckanext.cpdi.reports.pdf.frame import Frame
from ckanext.cpdi.reports.pdf.language import language_of
from ckanext.cpdi.reports.pdf.objects import dictionaries
from ckanext.cpdi.reports.pdf.opening import check_content, check_pages, open_source
from ckanext.cpdi.reports.pdf.pages import Look, hidden_by_notes, look, open_clean
from ckanext.cpdi.reports.pdf.picture import draw_picture
from ckanext.cpdi.reports.report import Box, Examination, Finding, Page, Task


def inspect(task: Task) -> Examination:
    """Examine, clean and picture one file; raise Refused."""
    source, target = Path(task.source), Path(task.clean)
    content = source.read_bytes()
    with open_source(source, content) as pdf:
        check_pages(pdf, task.limits)
        entries = dictionaries(pdf)
        check_content(pdf, entries)
        cleaned = clean(pdf, entries, content, target)
    with open_clean(target) as document:
        draw_picture(document[0], Path(task.picture))
        looks = list(look(document, task.limits.text))
        marks = [(at, Frame(document[at]).box(corners)) for at, corners in cleaned.annotations.redactions]
    data = target.read_bytes()
    return Examination(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        clean_sha256=hashlib.sha256(data).hexdigest(),
        clean_size=len(data),
        pages=tuple(each.page if task.words else structs.replace(each.page, words=()) for each in looks),
        findings=tuple(_findings(task, cleaned, looks, marks)),
        tagged=cleaned.tagged,
        language=language_of(" ".join(each.page.text for each in looks), cleaned.language),
    )


def _findings(task: Task, cleaned: Cleaned, looks: list[Look], marks: list[tuple[int, Box]]) -> Iterator[Finding]:
    """Yield what concerns the whole file, then what is on its pages, in their order."""
    yield from (Finding(0, "removed", None, what) for what in sorted(cleaned.removed))
    yield from (Finding(0, "covered", None, layer) for layer in cleaned.layers)
    if not cleaned.tagged:
        yield Finding(0, "untagged")
    yield from findings.telling_beside(cleaned.beside, task.known)
    veiled = _veiled(task, cleaned)
    for each in looks:
        page, at = each.page, each.page.number - 1
        if each.scanned:
            yield Finding(page.number, "scanned", (0.0, 0.0, page.width, page.height))
        hidden = [
            is_hidden or (word.box, word.text) in veiled.get(at, ())
            for word, is_hidden in zip(page.words, each.hidden, strict=True)
        ]
        yield from findings.covered(page, hidden)
        yield from findings.redacted(page, [box for number, box in marks if number == at])
        yield from findings.telling(page, task.known)
        yield from _links(page, cleaned, task)


def _veiled(task: Task, cleaned: Cleaned) -> dict[int, set[tuple[Box, str]]]:
    """Return, by page, the words that notes covered in the file as it came, and that are bare in the clean one."""
    if not cleaned.annotations.marked:
        return {}
    with open_clean(Path(task.source)) as document:
        return {at: set(hidden_by_notes(document, at)) for at in sorted(cleaned.annotations.marked)}


def _links(page: Page, cleaned: Cleaned, task: Task) -> Iterator[Finding]:
    """Yield what the addresses of a page's links tell."""
    links = [link for at, link in cleaned.annotations.links if at == page.number - 1]
    for finding in findings.telling_beside(links, {*task.known, page.text}):
        if finding.excerpt not in page.text:
            yield Finding(page.number, finding.kind, None, finding.excerpt)
