"""How the cells of a feed are written: instants, points, codes, flags, and what identifies a row."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from ckanext.cpdi.declare.departments.pattern import check_formats

_DEGREES = 4326


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """How a feed writes instants.

    ``local``: wall time of the department, or with an offset. ``utc``: UTC, or epoch milliseconds. ``utc_is_local``:
    the UTC form of the value is really local wall time (a known fault of exports). ``formats`` are strftime patterns,
    tried in turn, and texts of another form are not read; none means ISO 8601 and the US forms. Seconds or milliseconds
    since 1970 are read beside both. ``days`` says that a midnight stands for a day without a time.

    ``dates`` names the columns that are days, whatever hour is written in them; ``clocks`` the headers of the time of
    day where that stands apart from the day, by column. ``short_clocks`` says that one or two digits of such a time are
    minutes after midnight, whose leading zeros are lost, and no hours.
    """

    reading: Literal["local", "utc", "utc_is_local"] = "local"
    formats: tuple[str, ...] = ()
    days: bool = False
    dates: tuple[str, ...] = ()
    clocks: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    short_clocks: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an invalid pattern, two that read the same text differently, or a column that is a day
        and has a time of day.
        """
        check_formats(self.formats)
        for name, headers in self.clocks.items():
            if name in self.dates:
                raise ValueError(f"{name} stands under dates and under clocks; it is one of the two")
            if not headers:
                raise ValueError(f"clocks: {name}: name the column of the time of day, such as [Time]")


class Coordinates(Struct, frozen=True, forbid_unknown_fields=True):
    """How a feed writes points: degrees, TriTech's unsigned millionths of a degree, or the units of ``epsg``.

    Where a row's point and its address are far apart the point decides, if it is ``trusted``; else the address does.
    """

    reading: Literal["degrees", "tritech", "projected"] = "degrees"
    epsg: int = 4326
    trusted: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError where ``epsg`` and ``reading`` contradict each other."""
        if (self.reading == "projected") != (self.epsg != _DEGREES):
            raise ValueError("epsg is a code other than 4326, and goes with reading: projected")


class Codes(Struct, frozen=True, forbid_unknown_fields=True):
    """Which code list a column follows; ``separator`` splits a cell that holds several codes."""

    list: str
    separator: str = ""
    cut_at: int = 0
    """Length at which the feed cuts a cell; one of this length also matches listed values that begin with it."""


class Flag(Struct, frozen=True, forbid_unknown_fields=True):
    """A feed column that decides the class of a row and is never published: value to class name."""

    header: str
    values: dict[str, str]


class RecordKey(Struct, frozen=True, forbid_unknown_fields=True):
    """What identifies a row where no single column of the feed does: several ``columns`` together.

    Their keyed hash takes the place of a record number, and a stand-in is published. The first of them is the number by
    which a record is denied. ``equal_rows`` says what two rows are that are alike in all of them: copies of one record,
    of which the last counts, or records of their own, which are ``numbered`` in the order of the file.
    """

    columns: tuple[str, ...] = ()
    equal_rows: Literal["copies", "numbered"] = "copies"

    def __post_init__(self) -> None:
        """Raise ValueError where equal rows are spoken of without columns."""
        if self.equal_rows != "copies" and not self.columns:
            raise ValueError("equal_rows goes with columns: name those that are compared")

    @property
    def is_numbered(self) -> bool:
        """Whether rows that are alike are records of their own."""
        return self.equal_rows == "numbered"


CollapseRule = Literal["first", "latest", "any", "list", "strictest"]


class Collapse(Struct, frozen=True, forbid_unknown_fields=True):
    """One record of several rows: persons, officers or charges of one incident.

    ``by`` are the headers that tell records apart. ``columns`` says of a column which of its values the record has: the
    ``first`` that is not empty, the ``latest``, yes where ``any`` row says so, a ``list`` of all, or that of the
    ``strictest`` class. Of the others the time is the first, closing and modification the latest, a code the strictest;
    else the rows have to agree.
    """

    by: tuple[str, ...] = ()
    columns: dict[str, CollapseRule] = field(default_factory=dict[str, CollapseRule])

    def __post_init__(self) -> None:
        """Raise ValueError for rules without records."""
        if self.columns and not self.by:
            raise ValueError("columns go with by: name the columns that tell records apart, such as [Case_Number]")
