"""Names of persons: behind a rank or a title, behind a role such as victim, turned round, or with a common given name.

Strict, since a report of offences and places is full of capitals: a word of offices, offences or calendars is no name,
and what is followed by Street or Island is a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from ckanext.cpdi.reports.detectors.given_names import GIVEN_NAMES
from ckanext.cpdi.reports.detectors.vocabulary import ORDINARY, PLACES

_CAPITAL, _SMALL = "A-ZÁÉÍÓÚÑ", "a-záéíóúñü"
_WORD = (
    rf"(?:Mc|Mac|O['’]|D['’]|De|La|Le|Van)?[{_CAPITAL}](?:[{_SMALL}]+|[{_CAPITAL}]+)"
    rf"(?:['’-][{_CAPITAL}][A-Z{_SMALL}]+)?"
)
_INITIAL = r"[A-Z]\.?"
_GAP = r"[ ]"
_PARTICLE = r"(?:(?:de|la|del|los|van|von|St\.)[ ]){0,2}"
_FULL = rf"{_WORD}{_GAP}(?:{_INITIAL}{_GAP})?{_PARTICLE}{_WORD}"
_SHORT = rf"{_INITIAL}{_GAP}?{_PARTICLE}{_WORD}"

_RANKED = re.compile(
    rf"""(?<![\w/])(?:Chief|Deputy\ Chief|Captain|Capt\.?|Lieutenant|Lt\.?|Sergeant|Sgt\.?|Detective|Det\.
    |Officer|Ofc\.?|Corporal|Cpl\.?|Patrolman|Pfc\.?|PO|MPO|Investigator|Inv\.|Inspector|Sheriff|Deputy|Agent|Trooper|Judge|Solicitor|Coroner|Mayor
    |Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.|Sr\.|Sra\.|Oficial|Sargento|Teniente|Capit[aá]n|Detective|Jefe|Agente)
    [ ](?P<name>{_FULL}|{_SHORT}|{_PARTICLE}{_WORD})(?!\w)""",
    re.VERBOSE,
)
_IN_ROLE = re.compile(
    rf"""(?<!\w)(?i:(?P<role>victim|suspect|witness|complainant|subject|arrestee|defendant|driver|passenger|decedent
    |deceased|offender|juvenile|caller|reporting\ party|owner|v[ií]ctima|sospechos[oa]|testigo|denunciante
    |detenid[oa]|conductora?)s?)
    (?:(?P<said>\s*:\s*|,?\s+(?i:(?:(?:was|is)\s+)?(?:identified\s+as|named|known\s+as|identificad[oa]\s+como
    |llamad[oa]))\s+)|,?\s)
    (?P<name>{_WORD},\ ?{_WORD}|{_FULL}|{_SHORT})(?!\w)""",
    re.VERBOSE,
)
_TURNED = re.compile(rf"(?<![\w-])(?P<name>{_WORD},[ ](?P<given>{_WORD})(?:[ ]{_INITIAL})?)(?![\w-])")
_PLAIN = re.compile(rf"(?<![\w-])(?P<name>(?P<given>{_WORD}){_GAP}(?:{_INITIAL}{_GAP})?{_PARTICLE}{_WORD})(?![\w-])")
_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")
_STREET = re.compile(r"[A-Z][a-z]+[ ]$")
_PARTS = re.compile(r"[^\W\d_]+")
_NEXT = re.compile(r"[ ]?([^\W\d_]+)(?:[ ]([^\W\d_]+))?")


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of names, each once."""
    spans: list[tuple[int, int]] = []
    for pattern, accepts in _RULES:
        spans += [match.span("name") for match in pattern.finditer(text) if accepts(match)]
    end = 0
    for first, last in sorted(spans, key=lambda span: (span[0], -span[1])):
        if first >= end:
            yield first, last
            end = last


def _ranked(match: re.Match[str]) -> bool:
    """A rank and one word are not enough where the text has that word without a capital. A street may end in Dr."""
    parts = _PARTS.findall(match["name"])
    if match[0].startswith("Dr") and _STREET.search(match.string, max(0, match.start() - 20), match.start()):
        return False
    return _is_name(match) and (len(parts) > 1 or parts[0].lower() not in _small_words(match.string))


def _in_role(match: re.Match[str]) -> bool:
    """Where nothing says that a name follows, it must begin with a given one. A memo has a subject, too."""
    if match["said"] is None or match["role"].lower() == "subject":
        return _is_name(match) and _is_given(_PARTS.findall(match["name"])[0])
    return _is_name(match)


def _given(match: re.Match[str]) -> bool:
    return _is_given(match["given"]) and _is_name(match)


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (_RANKED, _ranked),
    (_IN_ROLE, _in_role),
    (_TURNED, _given),
    (_PLAIN, _given),
)


@lru_cache(maxsize=1)
def _small_words(text: str) -> set[str]:
    """Return the words of a text that have no capital; few pages ask for them, and those for each name."""
    return {word for word in _PARTS.findall(text) if word.islower()}


def _is_given(word: str) -> bool:
    return _plain(word) in GIVEN_NAMES


def _plain(word: str) -> str:
    """Return a word in small letters without accents, as the lists have it."""
    return word.lower().translate(_ACCENTS)


def _is_name(match: re.Match[str]) -> bool:
    """Return whether no part is an ordinary word, and no place is meant."""
    parts = [_plain(part) for part in _PARTS.findall(match["name"])]
    if any(part in ORDINARY or part in PLACES for part in parts if len(part) > 1):
        return False
    behind = _NEXT.match(match.string, match.end("name"))
    return not behind or not {_plain(word) for word in behind.groups() if word} & PLACES
