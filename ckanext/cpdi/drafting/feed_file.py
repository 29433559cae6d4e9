"""A file to draft from: how it is written, what it holds, and of which dataset it is.

In: a path. Out: :class:`FeedFile`, or DraftError in words for whoever sent it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.declare import Dataset, Library, Profile, Table, Text
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.file.columns import Column, columns_of
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.dialect import Dialect, dialect_of
from ckanext.cpdi.drafting.layout.choice import Choice, choose
from ckanext.cpdi.drafting.layout.evidence import TIMELY, Evidence
from ckanext.cpdi.drafting.layout.ground import Ground
from ckanext.cpdi.drafting.phrases import phrase


@dataclass(frozen=True)
class FeedFile:
    """A file that was read, and the dataset whose columns it has."""

    path: Path
    dialect: Dialect
    contents: Contents
    dataset: Dataset
    choice: Choice | None = None
    """Why it is of this dataset; None where somebody said so."""


def read_file(path: Path, library: Library, dataset: str, precedents: Sequence[Profile], place: Ground) -> FeedFile:
    """Read one file, and say of which dataset it is."""
    dialect = dialect_of(path)
    contents = Contents.of(path, dialect.feed)
    if not contents.rows:
        raise DraftError(
            phrase(
                "{file} has a header and no rows: a draft is made of what stands in rows.",
                "{file} tiene un encabezado y ninguna fila: un borrador se hace con lo que está en las filas.",
                file=path.name,
            )
        )
    if dataset:
        return FeedFile(path, dialect, contents, library.dataset(dataset))
    choice = choose(library.tables, Evidence(contents, columns_of(contents), place, precedents, library.classes))
    if choice is None:
        names = " | ".join(table.name for table in library.tables)
        raise DraftError(
            phrase(
                "{file} is like none of the datasets: it has no column that could be the time, or none for the number"
                " of a record. Say which it is: --dataset {names}.",
                "{file} no se parece a ninguno de los conjuntos de datos: no tiene una columna que pueda ser la hora, o"
                " ninguna para el número de un registro. Diga cuál es: --dataset {names}.",
                file=path.name,
                names=names,
            )
        )
    return FeedFile(path, dialect, contents, choice.dataset, choice)


def without_time(file: FeedFile, columns: Mapping[str, Column]) -> Text:
    """Return the refusal of a file that has no time, with the way on."""
    name, table = file.dataset.name, file.dataset.rows
    dates = [header for header, column in columns.items() if column.timely >= TIMELY]
    looks = (
        phrase("Like dates look: {dates}", "Parecen fechas: {dates}", dates=", ".join(dates))
        if dates
        else Text("None of its columns looks like dates", "Ninguna de sus columnas parece contener fechas")
    )
    return phrase(
        "{file} has no column that could be {time} of {name}. {looks}. Is it of another dataset (--dataset)? Else give"
        " the column one of these names in the file, draft anew, and name it as it was under headers in the profile"
        " ({time}: [ITS NAME]): {names}.",
        "{file} no tiene ninguna columna que pueda ser {time} de {name}. {looks}. ¿Es de otro conjunto de datos"
        " (--dataset)? Si no, dé a la columna uno de estos nombres en el archivo, haga el borrador de nuevo y nómbrela"
        " como se llamaba en headers del perfil ({time}: [SU NOMBRE]): {names}.",
        file=file.path.name,
        time=table.time,
        name=name,
        looks=looks,
        names=", ".join(_names(table)),
    )


def _names(table: Table) -> tuple[str, ...]:
    """Return the usual names of a table's time."""
    return next((column.headers for column in table.read if column.name == table.time), ()) or (table.time,)
