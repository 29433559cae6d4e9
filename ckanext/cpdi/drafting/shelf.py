"""Where a member of staff keeps a drafted profile until it is approved: a private folder, one draft for each person.

What was uploaded is not kept, only what was written of it. An approved profile is laid into a folder of its own, by the
day and the minute, for the operator to use; nothing is written over.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.whole_file import written

_FOLDER, _FILE = 0o700, 0o600
NO_DRAFT = Text("There is no draft: upload an export first.", "No hay ningún borrador: suba primero una exportación.")


class Shelf:
    """The draft of one person, in ``folder``, which need not exist."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when something is put there."""
        self._folder = folder

    def __eq__(self, other: object) -> bool:
        """Say whether both are the same folder."""
        return isinstance(other, Shelf) and other._folder == self._folder

    def __hash__(self) -> int:
        """Return the hash of the folder's path."""
        return hash(self._folder)

    def move(self, to: Shelf) -> None:
        """Give the draft to another person, in place of theirs."""
        to.clear()
        self._folder.rename(to._folder)

    def put(self, files: Mapping[str, str]) -> None:
        """Keep a draft's files, by their path in its folder, in place of an earlier one."""
        self.clear()
        for name, text in files.items():
            self.write(name, text)

    def clear(self) -> None:
        """Remove the draft, if there is one."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def profile(self) -> Path | None:
        """The profile's file; None where there is no draft."""
        return next(iter(sorted(self._folder.glob("*.yaml"))), None)

    @property
    def lists(self) -> dict[str, str]:
        """The code lists' paths in the folder, by name."""
        return {path.stem: str(path.relative_to(self._folder)) for path in sorted(self._folder.glob("*/*.csv"))}

    def read(self, name: str) -> str:
        """Return the text of a file of the draft."""
        return (self._folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file of the draft; a reader sees the old text or the new one."""
        path = self._folder / name
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        with written(path, mode=_FILE) as fresh:
            fresh.write_text(text, encoding="utf-8")

    def packed(self) -> bytes:
        """Return the draft's files as a ZIP."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(self._folder.rglob("*")):
                if path.is_file() and not path.name.startswith("."):
                    archive.write(path, path.relative_to(self._folder))
        return written.getvalue()

    def approve(self, into: Path, who: str, now: datetime) -> Path:
        """Lay the draft into a folder of its own below ``into``, with who approved it, and return the profile's path.

        Raises DraftError where there is no draft, or one was approved in the same minute.
        """
        profile = self.profile
        if profile is None:
            raise DraftError(NO_DRAFT)
        target = into / f"{now:%Y%m%d-%H%M}-{profile.stem}"
        if target.exists():
            raise DraftError(
                Text(
                    "A profile of this name was approved in this very minute: try again in the next.",
                    "En este mismo minuto se aprobó un perfil con este nombre: inténtelo de nuevo en el siguiente.",
                )
            )
        into.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        text = f"# Approved by {who} on {now:%Y-%m-%d at %H:%M} UTC.\n{self.read(profile.name)}"
        shutil.copytree(self._folder, target)
        (target / profile.name).write_text(text, encoding="utf-8")
        return target / profile.name
