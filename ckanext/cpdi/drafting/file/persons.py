"""What looks as if it were about a person: names, telephone numbers, addresses of mail, dates of birth.

Such texts are never written into a draft. A list of first names cannot tell a person's name for certain, which is why
this is only one of three guards: a column also has to have few values, each of them in several rows.
"""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.rows.masking.personal import ALWAYS

_HEADER = (
    r"(?i)(^|[^a-z])(first|last|middle|full|sur)?[ _]?(name|nombre)([^a-z]|$)|phone|e-?mail|birth|dob([^a-z]|$)|ssn"
    r"|social.?sec|licen[cs]e|passport|(^|[^a-z])(plate|vin)([^a-z]|$)|caller|complainant|victim|suspect|driver.?name"
    r"|officer.?(name|id)|narrative|remarks?([^a-z]|$)|comments?([^a-z]|$)|notes?([^a-z]|$)"
)
"""Headers under which persons or free text stand."""
_MAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
_PHONE = r"(^|[^0-9])[2-9][0-9]{2}[^0-9A-Za-z]?[0-9]{3}[^0-9A-Za-z]?[0-9]{4}($|[^0-9])"
_SURNAME_FIRST = r"^[A-Z][A-Za-z'’-]+, ?[A-Z][A-Za-z'’-]+( [A-Z]\.?)?$"
_FIRST_NAMES = frozenset(
    """james mary robert patricia john jennifer michael linda david elizabeth william barbara richard susan joseph
    jessica thomas sarah charles karen christopher lisa daniel nancy matthew betty anthony margaret sandra donald ashley
    steven kimberly paul emily andrew donna joshua michelle kenneth carol kevin amanda brian melissa george deborah
    timothy stephanie ronald rebecca edward sharon jason laura jeffrey cynthia ryan kathleen jacob amy gary angela
    nicholas shirley eric anna jonathan brenda stephen pamela larry emma justin nicole scott helen brandon samantha
    benjamin katherine samuel christine gregory debra alexander rachel patrick carolyn frank janet raymond maria jack
    olivia dennis heather jerry diane tyler julie aaron joyce jose victoria adam ruth nathan virginia henry lauren
    douglas kelly zachary christina peter joan kyle evelyn noah judith ethan megan jeremy andrea christian cheryl walter
    hannah keith jacqueline austin martha roger madison terry teresa sean gloria gerald sara carl janice dylan ann
    harold kathryn jordan abigail jesse sophia bryan frances lawrence jean arthur alice gabriel judy bruce isabella
    albert julia willie grace juan amber wayne denise carlos danielle luis marilyn miguel beverly pedro theresa ana
    rosa carmen""".split()
)
_NAMED = 0.3
"""From this share of texts with a first name in them on, a column is one of names."""
_SHAPED = 0.05
_SHAPES = "|".join(f"(?:{shape})" for shape in (*ALWAYS, _MAIL, _PHONE))


def is_personal_header(header: str) -> bool:
    """Say whether persons or free text are likely to stand under ``header``."""
    spaced = pl.Series([header]).str.replace_all(r"([a-z])([A-Z])", "$1 $2")
    return bool(spaced.str.contains(_HEADER).item())


def are_personal(texts: pl.Series) -> pl.Series:
    """Return which texts have the shape of a person's number or of a name; null for null."""
    words = texts.str.to_lowercase().str.extract_all(r"\p{L}+")
    named = words.list.eval(pl.element().is_in(list(_FIRST_NAMES))).list.any()
    return texts.str.contains(_SHAPES) | named | texts.str.contains(_SURNAME_FIRST)


def is_personal(header: str, texts: pl.Series) -> bool:
    """Say whether a column is about persons, by its header or by a share of its texts."""
    if is_personal_header(header):
        return True
    filled = texts.drop_nulls()
    if filled.is_empty():
        return False
    shaped, named = (int(column.sum()) / len(filled) for column in (filled.str.contains(_SHAPES), are_personal(filled)))
    return shaped > _SHAPED or named > _NAMED
