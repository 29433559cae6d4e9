"""What is raised when a declaration cannot be used."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi.errors import PortalError, Said


class DeclarationError(PortalError, ValueError):
    """A declaration is wrong; the message names the file, the place in it, and what was expected."""

    def __init__(self, path: Path | str, message: str) -> None:
        self.path = str(path)
        self.message = message
        super().__init__(Said("{path}: {message}", path=self.path, message=message))
