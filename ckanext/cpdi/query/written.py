"""Values that stand often, each written once by whoever writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Write = Callable[[Any], bytes]
MOST = 20_000
"""Values that are kept at once."""


class Written(dict[Any, bytes]):
    """Values as they are written."""

    def __init__(self, write: Write) -> None:
        """Write with ``write`` what is not there yet."""
        super().__init__()
        self._write = write

    def __missing__(self, value: Any) -> bytes:  # noqa: ANN401
        """Write ``value``, and keep it."""
        if len(self) >= MOST:
            self.clear()
        written = self[value] = self._write(value)
        return written


@dataclass(frozen=True)
class Texts:
    """The ``values`` of a column that has few, which its codes are places in; what is written of them is kept here."""

    values: Sequence[str]
    _kept: dict[object, Written] = field(default_factory=dict[object, Written])

    def written(self, codes: Iterable[int | None], key: object, write: Write) -> Iterable[bytes]:
        """Return the texts of ``codes`` as ``write`` writes them (None for an empty one); ``key`` names the way."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = Written(lambda code: write(None if code is None else self.values[code]))
        return map(kept.__getitem__, codes)

    def of(self, codes: Iterable[int | None]) -> list[str | None]:
        """Return the texts of ``codes``."""
        return [None if code is None else self.values[code] for code in codes]
