"""One file as it was uploaded or fetched: examined, cleaned and pictured, or refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from ckanext.cpdi.reports.process.client import draw, run
from ckanext.cpdi.reports.report import Box, Examination, Limits, Refused, Task

__all__ = ["draw_page", "examine"]

_MEGABYTE = 1_000_000


def examine(
    source: Path,
    clean: Path,
    picture: Path,
    limits: Limits | None = None,
    known: Collection[str] = (),
    *,
    words: bool = True,
) -> Examination:
    """Examine the file ``source``, and write its clean form and the picture of its first page (WebP).

    The work is done in a process of its own, under ``limits``. ``known`` are texts that may stand in any
    report, such as the department's own telephone number: they are no findings. Without ``words``, pages have their
    text and not the place of each word, of which a series has millions. The same file gives the same bytes.

    Raises Refused with a sentence for staff, after which neither ``clean`` nor ``picture`` exists; FileNotFoundError
    where there is no ``source``.
    """
    limits = limits or Limits()
    try:
        _check_size(source, limits)
        source_path, clean_path, picture_path = (str(path.resolve()) for path in (source, clean, picture))
        return run(Task(source_path, clean_path, picture_path, limits, frozenset(known), words))
    except Refused:
        clean.unlink(missing_ok=True)
        picture.unlink(missing_ok=True)
        raise


def draw_page(
    source: Path,
    page: int,
    picture: Path,
    width: int,
    boxes: Iterable[tuple[int, Box]] = (),
    limits: Limits | None = None,
) -> None:
    """Draw page number ``page`` of the file ``source`` as WebP, ``width`` pixels wide, in a process of its own.

    Around each of ``boxes`` is a frame with its number. Raises Refused where there is no such page, or it cannot be
    drawn under ``limits``.
    """
    place = str(picture.resolve())
    try:
        draw(Task(str(source.resolve()), "", place, limits or Limits(), page=page, width=width, boxes=tuple(boxes)))
    except Refused:
        picture.unlink(missing_ok=True)
        raise


def _check_size(source: Path, limits: Limits) -> None:
    """Raise Refused for a file that need not be opened."""
    size = source.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > limits.size:
        raise Refused("too_large", size=-(-size // _MEGABYTE), limit=limits.size // _MEGABYTE)
