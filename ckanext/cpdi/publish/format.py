"""What a file format is. Each stands in a file of its own in ``formats/``; that folder is the registry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish import packed
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.packed import Packed, Packer
from ckanext.cpdi.publish.table_schema import table_schema
from ckanext.cpdi.registry import ORDER

if TYPE_CHECKING:
    import polars as pl


class Format(ABC):
    """Writes a part into one file."""

    extension: ClassVar[str]
    """What follows the first dot of the file's name: the format's name in every URL."""
    title: ClassVar[Text]
    media_type: ClassVar[str]
    encoding: ClassVar[str] = ""
    """The encoding of the text in it, as a Data Package names it; empty for a binary file."""
    order: ClassVar[int] = ORDER
    """Its place where people see all formats."""

    cell: ClassVar[float] = 50
    """Bytes of one field of one row in a file, about: by it the room on the disk is reckoned."""
    least: ClassVar[int] = 20_000
    """Bytes of a file without rows and of its Data Package, about."""

    always: ClassVar[bool] = False
    """Whether its files are made whatever a department wants, since something else stands on them."""
    spatial: ClassVar[bool] = False
    """Whether a file is made of points: there is none of a table whose rows have no point."""
    needs: ClassVar[str] = ""
    """The format that files of this one lead to, if any."""
    made_from: ClassVar[str] = ""
    """The format that this one wraps, if any: where its file is there, :meth:`wrap` makes this one's of it."""
    packed: ClassVar[bool] = False
    """Whether its files lie compressed (:mod:`ckanext.cpdi.publish.packed`): what is large as it is, and packs well."""

    @abstractmethod
    def write(self, extract: Extract, path: Path) -> None:
        """Write ``extract`` to ``path``, with flat memory. The folder of ``path`` may be used for working files."""

    def make(self, extract: Extract, path: Path) -> None:
        """Write ``extract`` to ``path`` as it lies on the shelf: packed, if this format is."""
        if not self.packed:
            self.write(extract, path)
            return
        plain = path.with_name(f"plain.{self.extension}")
        self.write(extract, plain)
        packed.pack(plain, path)
        plain.unlink()

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:  # noqa: ARG002  formats that join need them
        """Make ``extract``, whose rows are those of ``pieces`` in their order, each with its file of this format.

        A format whose files can be strung together does better than to write the rows again.
        """
        self.make(extract, path)

    def wrap(self, extract: Extract, source: Path, path: Path) -> None:
        """Make ``extract`` by way of its file ``source`` in the format ``made_from``."""
        raise NotImplementedError(f"{self.extension} wraps no other format")

    def size(self, extract: Extract) -> int:
        """Return the bytes that a file of ``extract`` will have, about."""
        return self.least + int(extract.rows * len(extract.table.fields) * self.cell)

    def title_of(self, table: Table) -> Text:  # noqa: ARG002  formats whose name depends on it need it
        """Return what a file of ``table`` is called in lists for people."""
        return self.title

    def shape(self, table: Table) -> Table:
        """Return ``table`` with the columns that a file of this format has."""
        return table

    def describe(self, table: Table) -> dict[str, object]:
        """Return what a Data Package's resource says of a file of this format, beyond its name and size."""
        return {"schema": table_schema(self.shape(table))}


class StreamFormat(Format):
    """A format that is a head, rows that stand alone, and a tail: it can be streamed and strung together."""

    packed = True
    separator: ClassVar[bytes] = b""
    """What stands between two batches of rows."""
    tail: ClassVar[bytes] = b""
    """What stands after the rows."""

    @abstractmethod
    def head(self, extract: Extract) -> bytes:
        """Return what stands before the rows; the same for the same part."""

    @abstractmethod
    def rows(self, extract: Extract, batch: pl.DataFrame) -> bytes:
        """Return the rows of ``batch``, which has at least one."""

    def stream(self, extract: Extract) -> Iterator[bytes]:
        """Yield the file piece by piece."""
        yield self.head(extract)
        yield from self._body(extract)
        yield self.tail

    def write(self, extract: Extract, path: Path) -> None:
        """Write the stream to ``path``."""
        with path.open("wb") as file:
            file.writelines(self.stream(extract))

    def make(self, extract: Extract, path: Path) -> None:
        """Pack the stream into ``path``."""
        with Packer(path) as packer:
            packer.add(self.head(extract))
            packer.open_rows()
            for block in self._body(extract):
                packer.add(block)
            packer.close_rows()
            packer.add(self.tail)

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """Put the packed rows of each piece's file between one head and one tail."""
        with Packer(path) as packer:
            packer.add(self.head(extract))
            separator = b""
            for piece, source in pieces:
                if piece.rows:
                    packer.add(separator)
                    packer.append(Packed.of(source))
                    separator = self.separator
            packer.add(self.tail)

    def _body(self, extract: Extract) -> Iterator[bytes]:
        """Yield the rows with what stands between them."""
        separator = b""
        for batch in extract.batches():
            if batch.height:
                yield separator
                yield self.rows(extract, batch)
                separator = self.separator


class TextFormat(StreamFormat):
    """A stream of text."""

    encoding = "utf-8"
