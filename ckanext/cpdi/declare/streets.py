"""Words of streets: how directions and kinds of ways are written, and a street's name in one spelling."""

from __future__ import annotations

from importlib.resources import files

SUFFIXES = {
    "ALLEY": "ALY", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "BRIDGE": "BR", "CIRCLE": "CIR", "COURT": "CT",
    "DRIVE": "DR", "EXPRESSWAY": "EXPY", "FREEWAY": "FWY", "HIGHWAY": "HWY", "LANE": "LN", "LOOP": "LOOP",
    "PARKWAY": "PKWY", "PLACE": "PL", "PLAZA": "PLZ", "ROAD": "RD", "ROW": "ROW", "RUN": "RUN", "SQUARE": "SQ",
    "STREET": "ST", "TERRACE": "TER", "TERR": "TER", "TRAIL": "TRL", "WALK": "WALK", "WAY": "WAY",
}  # fmt: skip
DIRECTIONS = {
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
    "NORTHEAST": "NE", "NORTHWEST": "NW", "SOUTHEAST": "SE", "SOUTHWEST": "SW",
}  # fmt: skip
_PAIRS = [
    tuple(line.split(","))
    for line in (files("ckanext.cpdi.declare") / "suffixes.csv").read_text(encoding="utf-8").splitlines()[1:]
]
WAYS = frozenset(word for pair in _PAIRS for word in pair)
"""Words that a street's name ends with: those of USPS Publication 28, appendix C1, that say what kind of way it is.
What houses and institutions are called as well (Manor, Haven, Center, Ranch) is not among them.
"""
ONE_FORM = SUFFIXES | {word: SUFFIXES.get(written, suffix) for suffix, written in _PAIRS for word in (suffix, written)}
"""Every way to write such a word, to one: AV, AVE and AVENUE are AVE."""
KNOWN_DIRECTIONS = {*DIRECTIONS.values()}


def canonical(street: str) -> str:
    """Return a street's name in one spelling: ``North King Street`` is ``N KING ST``."""
    words = street.split()
    if len(words) > 1:
        words[-1] = SUFFIXES.get(words[-1], words[-1])
        if words[0] == "SAINT":
            words[0] = "ST"
    if len(words) > 2:
        words[0] = DIRECTIONS.get(words[0], words[0])
        if words[-1] in DIRECTIONS:
            words[-1] = DIRECTIONS[words[-1]]
            words[-2] = SUFFIXES.get(words[-2], words[-2])
    return " ".join(words)
