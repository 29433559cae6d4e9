"""A browser as the measurements start it, on this machine's own pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bench.process import CommandError

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium-headless-shell"
"""Chromium with its windows, as readers have it; else that of the tests, which a bare machine has."""
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",  # maps are drawn without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # pages are not: a stand-in for a card would take longer for all else than a page does
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--no-first-run",
)


T = TypeVar("T")


@contextmanager
def chromium() -> Generator[Any]:
    """Start a browser of playwright's; raise CommandError where there is none."""
    program = shutil.which(CHROMIUM)
    if program is None:
        raise CommandError(f"no browser at {CHROMIUM}; CHROMIUM names another")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def told(entries: Iterator[T]) -> Iterator[T]:
    """Yield what comes; what a page did not do in time is a CommandError."""
    from playwright.sync_api import Error

    try:
        yield from entries
    except Error as error:
        raise CommandError(error.message.strip().splitlines()[0]) from None
