"""What pages say in a browser's console."""

from __future__ import annotations

from typing import Any


def said(page: Any) -> list[str]:
    """Return a list that takes each error and warning of ``page`` from now on, behind the address it comes from.

    What the driver of a machine without a graphics card says of its speed is no fault of a page.
    """
    found: list[str] = []

    def hear(text: str) -> None:
        if "GL Driver Message" not in text:
            found.append(f"{page.url}: {text}")

    page.on("console", lambda one: hear(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: hear(str(one)))
    return found
