"""From an address as a dispatcher writes it to the key of its block, so that no house number is kept.

``1234 King Street, Apt 3`` becomes ``KING ST|1200``; ``Queen St & King St`` becomes ``KING ST / QUEEN ST``; a street or
a name without a number stands for itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from ckanext.cpdi.declare.streets import KNOWN_DIRECTIONS, WAYS, canonical

KEYS = {
    "address": pl.String,
    "key": pl.String,
    "kind": pl.String,
    "street": pl.String,
    "cross": pl.String,
    "block": pl.Int64,
    "number": pl.Int64,
}
"""``kind`` is block, intersection or street; ``block`` the first house number of the block, ``number`` the house's."""

_WIDEST_NUMBER = 6
_TAIL = r"\s*[,;(#].*$"
_FRACTION = r"\b\d/\d\b"
_BOUND = r"\b([NSEW])\s*/?\s*B(?:OUND)?\b"
"""Directions of travel (E/B, EB, eastbound), which are no part of a street's name; the slash of one is no crossing."""
_CROSSING = r"\s*[/&@]\s*|\s+(?:AND|AT)\s+"
_NUMBERED = r"^(\d+)(XX)?[A-Z]?(?:\s*-\s*\d+[A-Z]?)?\s+(?:(?:BLOCK|BLK)\s+)?(?:OF\s+)?(.*[A-Z].*)$"
_ROOM = r"(.\s)(?:APT|APARTMENT|UNIT|STE|SUITE|RM|ROOM|BLDG|BUILDING|LOT|FLOOR)\b.*$"
_MARKS = r"[^A-Z0-9]+"

_STREET_NUMBER = re.compile(r"\d+(?:ST|ND|RD|TH)|(?:I|US|RT|SR|CR|HWY)\d+")
_ROAD = re.compile(r"(?:(?:CR|EXIT|HIGHWAY|HWY|I|INTERSTATE|ROUTE|RT|RTE|SR|US|US HWY|SC|STATE HWY) ?\d{1,4}[A-Z]?)")
_NUMBERED_ROADS = {"CR", "EXIT", "HIGHWAY", "HWY", "I", "INTERSTATE", "ROUTE", "RT", "RTE", "SR", "US"}


def address_keys(addresses: pl.Series, block_size: int) -> pl.DataFrame:
    """Return the key of each of ``addresses`` (clean and distinct) with the columns of KEYS; junk has no key."""
    text = (
        pl.col("address")
        .str.to_uppercase()
        .str.replace_all(_BOUND, " ")
        .str.replace(_TAIL, "")
        .str.replace_all(_FRACTION, " ")
    )
    parts = text.str.replace_all(_CROSSING, "\n").str.split("\n")
    plain = pl.lit("")
    split = addresses.to_frame("address").select("address", parts.alias("parts"))
    split = split.select(
        "address",
        *(
            pl.col("parts").list.get(place, null_on_oob=True).fill_null(plain).str.strip_chars().alias(name)
            for place, name in enumerate(("first", "second"))
        ),
    )
    number = pl.col("first").str.extract(_NUMBERED, 1).str.slice(0, _WIDEST_NUMBER).cast(pl.Int64, strict=False)
    hundreds = pl.col("first").str.extract(_NUMBERED, 2).is_not_null()
    read = split.select(
        "address",
        _street("first").alias("street"),
        _street("second").alias("cross"),
        pl.when(hundreds).then(number * 100).otherwise(number).alias("number"),
    )
    return _keyed(_canonical(read), block_size)


def is_street(name: str) -> bool:
    """Return whether a canonical name is one of a street by its form, which may be shown: it ends in a word for a way,
    or is a numbered road. Any other could be the name of a house, a shop or a person.
    """
    words = name.split()
    while len(words) > 2 and words[-1] in KNOWN_DIRECTIONS:
        words.pop()
    if len(words) > 1 and words[-1] in WAYS:  # E Ave is one, too
        return True
    words = [word for word in words if word not in KNOWN_DIRECTIONS]
    return _ROAD.fullmatch(" ".join(words)) is not None


def has_number(name: str) -> bool:
    """Return whether a canonical name holds the number of a house or a room, and not of a street: ``5TH``, ``HWY 17``.

    An address that does not begin with its number is read as a name: ``N 1234 KING ST``, ``UNIT 4 12 KING ST``.
    """
    words = name.split()
    before = ["", *words]
    return any(
        re.search(r"\d", word) is not None and not _STREET_NUMBER.fullmatch(word) and last not in _NUMBERED_ROADS
        for last, word in zip(before, words, strict=False)
    )


@lru_cache(maxsize=100_000)
def title(street: str) -> str:
    """Return a canonical name as it is shown: ``N KING ST`` as ``N King St``."""
    return " ".join(word if word in KNOWN_DIRECTIONS else _capital(word) for word in street.split())


def _capital(word: str) -> str:
    return word.lower() if re.match(r"\d", word) else word.capitalize()


def _street(name: str) -> pl.Expr:
    """Return the street of a part of an address, without number, room and punctuation; empty where there is none."""
    part = pl.col(name)
    named = pl.coalesce(part.str.extract(_NUMBERED, 3), part)
    return named.str.replace(_ROOM, "$1").str.replace_all(_MARKS, " ").str.strip_chars()


def _canonical(read: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its streets in one spelling; a few thousand are different, so plain Python will do."""
    names = pl.concat([read["street"], read["cross"].rename("street")]).unique().sort()
    spelled = pl.Series([canonical(name) if re.search("[A-Z]", name) else None for name in names.to_list()])
    for column in ("street", "cross"):
        read = read.with_columns(pl.col(column).replace_strict(names, spelled, return_dtype=pl.String))
    return read


def _keyed(read: pl.DataFrame, block_size: int) -> pl.DataFrame:
    """Return the frame with kind, block and key."""
    street, cross, number = pl.col("street"), pl.col("cross"), pl.col("number")
    crossing = street.is_not_null() & cross.is_not_null() & (street != cross)
    read = read.select(
        "address",
        pl.when(crossing).then(pl.min_horizontal(street, cross)).otherwise(pl.coalesce(street, cross)).alias("street"),
        pl.when(crossing).then(pl.max_horizontal(street, cross)).alias("cross"),
        pl.when(~crossing).then(number).alias("number"),
    )
    block = number // block_size * block_size
    kind = (
        pl.when(cross.is_not_null())
        .then(pl.lit("intersection"))
        .when(number.is_not_null())
        .then(pl.lit("block"))
        .otherwise(pl.lit("street"))
    )
    key = (
        pl.when(cross.is_not_null())
        .then(pl.format("{} / {}", street, cross))
        .when(number.is_not_null())
        .then(pl.format("{}|{}", street, block))
        .otherwise(street)
    )
    return read.with_columns(kind.alias("kind"), block.alias("block"), key.alias("key")).select(*KEYS)
