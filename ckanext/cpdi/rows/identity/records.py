"""Which record each row of a batch is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare.number import STAND_IN_LETTER
from ckanext.cpdi.rows.identity.keys import keys, stand_ins
from ckanext.cpdi.rows.verdicts import Rows


@dataclass(frozen=True)
class Records:
    """``numbers``: the rows' record numbers, null where there is none; ``keys``: a keyed hash of each (Int64), by which
    the portal knows the row; ``odd``: numbers like none that the field holds, for which there are stand-ins.
    """

    numbers: pl.Series
    keys: pl.Series
    odd: Rows

    @property
    def are_named(self) -> Rows:
        """The rows that have a number."""
        return self.numbers.is_not_null().to_numpy()

    def stand_ins(
        self, secret: bytes, purpose: str, at: npt.NDArray[np.int64], classes: npt.NDArray[np.int16]
    ) -> pl.Series:
        """Return what stands for the numbers of the rows ``at``, whose sets of classes are ``classes``.

        It differs with a row's set of classes: nobody can join what a row was to what it became.
        """
        numbers = self.numbers.gather(at).fill_null("")
        texts = pl.select(pl.Series("classes", classes).cast(pl.String) + "\0" + numbers).to_series()
        return stand_ins(secret, purpose, texts, STAND_IN_LETTER)


def read_records(secret: bytes, dataset: str, numbers: pl.Series, odd: Rows) -> Records:
    """Return the records of rows with these ``numbers`` (String; null for none) of ``dataset``."""
    return Records(numbers, keys(secret, dataset, numbers.fill_null("")), odd)
