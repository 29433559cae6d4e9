"""A department: who it is, how its feeds are written, what its codes mean and how its rows are masked."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from ckanext.cpdi.declare.departments.agency import Agency
from ckanext.cpdi.declare.departments.cells import Codes, Collapse, Coordinates, Flag, RecordKey, Times
from ckanext.cpdi.declare.departments.codelist import CodeList
from ckanext.cpdi.declare.departments.made import Made
from ckanext.cpdi.declare.departments.note import Announcement, Note
from ckanext.cpdi.declare.departments.redirect import Redirect
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.field import check_pattern
from ckanext.cpdi.declare.tables.figures import Figures
from ckanext.cpdi.declare.tables.privacy import PrivacyClass
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.errors import Said

_LAYER = re.compile(r"(?!.*__)[a-z][a-z0-9_]{0,39}", re.ASCII)
BOUNDARY, TEAM = "boundary", "team"
_TITLES = {BOUNDARY: Text("City boundary", "Límite de la ciudad"), TEAM: Text("Team", "Equipo")}
"""What these two are called where a profile does not say."""
_NO_LAYERS = ("boundary", "place_id", "label", "location_precision", "latitude", "longitude", "team", "addresses",
              "width_metres", "valid_from", "valid_to", "outline")  # fmt: skip
"""What else is a layer of /data/areas.geojson, or a column of the published places."""


SyncMode = Literal["full", "window", "append"]
SHORTEST_WINDOW = 2


class SyncRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of rows of the table that a feed lacks.

    ``full``: they are removed. ``window``: the feed covers the last ``days`` (0: from its earliest row), and only what
    lies wholly inside is removed. ``append``: they stay.
    """

    mode: SyncMode = "full"
    days: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for days that no window can have: its first and last day are incomplete."""
        if self.days and self.mode != "window":
            raise ValueError(Said("window_days goes with sync: window"))
        if self.days < 0 or self.days == 1:
            raise ValueError(
                Said(
                    "window_days is a whole number of {least} or more; leave it out for all days",
                    least=SHORTEST_WINDOW,
                )
            )


class CheckLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of the checks beyond which a run is held for staff; all but ``stale_days`` are shares from 0 to 1.

    ``drop``: of the table's rows that a run may remove. ``quarantine``: of lines that may be unusable. ``stale_days``:
    by which the newest row may lag more than it used to. ``filled``: of rows that fill a column; one that had as many
    may not be almost empty now. ``shift``: by which a privacy class or a reason for withholding may grow or shrink.
    ``window``: of the rows in the declared window that may lie on days that the feed does not cover.
    """

    drop: float = 0.5
    quarantine: float = 0.2
    stale_days: int = 7
    filled: float = 0.2
    shift: float = 0.2
    window: float = 0.1

    def __post_init__(self) -> None:
        """Raise ValueError for a share outside 0 to 1."""
        for name in ("drop", "quarantine", "filled", "shift", "window"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share of 1, such as 0.5")


class Feed(Struct, frozen=True, forbid_unknown_fields=True):
    """How one dataset's feed is written in this department."""

    headers: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    columns: dict[str, Made] = field(default_factory=dict[str, Made])
    """Column to how it is made of others, where the feed does not have it under one header."""
    optional: tuple[str, ...] = ()
    """What the dataset requires, of a feed or of its rows, and this department does not have."""
    key: RecordKey = RecordKey()
    collapse: Collapse = Collapse()
    times: Times = Times()
    coordinates: Coordinates = Coordinates()
    codes: dict[str, Codes] = field(default_factory=dict[str, Codes])
    values: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Column to a map of its values (exact feed value to published value); others become empty, with a flag."""
    patterns: dict[str, str] = field(default_factory=dict[str, str])
    """Field to a regular expression for its whole text, such as a record number; it replaces the declared one."""
    flags: tuple[Flag, ...] = ()
    nulls: tuple[str, ...] = ("",)
    encoding: str = ""
    """The encoding where it is not Unicode; else Windows-1252 is taken for bytes that are no UTF-8."""
    delimiter: str = ","
    header_line: int = 0
    """The line of the file, or row of the sheet, that has the names of the columns; 0 for the first that is filled."""
    notes: tuple[str, ...] = ()
    """How lines begin that are no rows, such as a sum below the table."""
    sheet: str = ""
    """The sheet of a workbook, where several have cells."""
    records: str = ""
    """The way to the list of records in a JSON document (``response.calls``), where it has another name than usual."""
    options: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Reader to its own options; see :class:`ckanext.cpdi.feeds.options.Options`."""
    final_newline: Literal["required", "optional"] = "required"
    sync: SyncMode = "full"
    window_days: int = 0
    """With ``sync: window`` the days that the feed covers; see :class:`SyncRule`."""
    ignored: tuple[str, ...] = ()
    """Headers of columns that are left unread on purpose; no warning names them."""
    default_class: str = ""
    """Class of every row, joined with what its values say (a dataset without code lists needs one)."""
    guard: CheckLimits = CheckLimits()
    breaks: tuple[Note, ...] = ()
    gaps: tuple[Note, ...] = ()
    changes: tuple[Announcement, ...] = ()
    """Entries of the change log beside those that the portal writes itself."""
    titles: dict[str, Text] = field(default_factory=dict[str, Text])
    """Field to what this department calls it, such as its word for a team."""
    caveats: tuple[Text, ...] = ()
    """What readers of this department's data must know, beside what is declared for all departments."""

    def __post_init__(self) -> None:
        """Raise ValueError for an impossible window or an invalid pattern."""
        _ = self.rule
        if self.collapse.by and self.key.is_numbered:
            raise ValueError("equal_rows: numbered and collapse: rows are records of their own, or one record together")
        if self.header_line < 0:
            raise ValueError("header_line is the number of a line, counted from 1")
        for name, pattern in self.patterns.items():
            try:
                check_pattern(pattern)
            except ValueError as error:
                raise ValueError(f"patterns: {name}: {error}") from error

    @property
    def named_headers(self) -> dict[str, tuple[str, ...]]:
        """The headers that the profile names for this feed, but for those that it puts away, by the key that does."""
        return {
            **{f"headers.{column}": names for column, names in self.headers.items()},
            **{f"columns.{column}": rule.headers for column, rule in self.columns.items()},
            "key.columns": self.key.columns,
            "collapse.by": self.collapse.by,
            **{f"times.clocks.{column}": names for column, names in self.times.clocks.items()},
            "flags": tuple(flag.header for flag in self.flags),
        }

    @property
    def rule(self) -> SyncRule:
        """What becomes of rows that the feed lacks, where the harvest source does not say otherwise."""
        return SyncRule(self.sync, self.window_days)


class PlaceRules(Struct, frozen=True, forbid_unknown_fields=True):
    """How places are generalised: fewest addresses of a unit, house numbers of a block, and how many metres wide a unit
    is at most where its area has enough addresses nearer than that.
    """

    minimum_addresses: int = 8
    block_size: int = 100
    widest_metres: float = 400.0
    network: dict[str, str] = field(default_factory=dict[str, str])
    """Columns of the street network that have other names: street, left_from, left_to, right_from, right_to."""

    def __post_init__(self) -> None:
        """Raise ValueError for numbers below 1."""
        if min(self.minimum_addresses, self.block_size, self.widest_metres) < 1:
            raise ValueError("minimum_addresses, block_size and widest_metres are 1 or more")


class Profile(Struct, frozen=True, forbid_unknown_fields=True, rename={"folder": "_folder", "lists": "_lists"}):
    """A department's profile. ``folder`` is where its files lie; paths in it are relative to that."""

    name: str
    version: str
    agency: Agency
    time_zone: str
    boundary: str
    surroundings_km: float = 10.0
    code_lists: dict[str, str] = field(default_factory=dict[str, str])
    categories: dict[str, Text] = field(default_factory=dict[str, Text])
    categories_file: str = ""
    teams: str = ""
    """GeoJSON with one polygon a team, named by its property ``name``."""
    areas: dict[str, str] = field(default_factory=dict[str, str])
    """Other areas that a place lies in one of each of, such as neighbourhoods: layer to GeoJSON, as ``teams``."""
    area_titles: dict[str, Text] = field(default_factory=dict[str, Text])
    """Layer to what people call its areas, in the singular: of ``areas``, ``team`` and ``boundary``."""
    places: PlaceRules = PlaceRules()
    classes: tuple[PrivacyClass, ...] = ()
    """Classes that replace the default ones of the same name."""
    datasets: dict[str, Feed] = field(default_factory=dict[str, Feed])
    reports: tuple[str, ...] = ()
    """The series of reports that the department publishes."""
    report_rules: dict[str, ReportRules] = field(default_factory=dict[str, ReportRules])
    """Series whose reports the department names otherwise than declared: what is declared under ``reports``, anew."""
    figures: dict[str, Figures] = field(default_factory=dict[str, Figures])
    """Series to how the tables in this department's reports are printed, in place of what is declared."""
    redirects: tuple[Redirect, ...] = ()
    """Addresses of an older portal's files."""
    folder: str = ""
    lists: dict[str, CodeList] = field(default_factory=dict[str, CodeList])
    """The code lists, read from the files that ``code_lists`` names."""

    def __post_init__(self) -> None:
        """Raise ValueError for an old address that leads to two files, or a layer whose name means something else."""
        doubled = [path for path, count in Counter(redirect.path for redirect in self.redirects).items() if count > 1]
        if doubled:
            raise ValueError(f"redirects: declared twice: {', '.join(doubled)}")
        for layer in self.areas:
            if not _LAYER.fullmatch(layer) or layer in _NO_LAYERS:
                raise ValueError(
                    f"areas: {layer!r} is no name of a layer: lower case letters, digits and single _, beginning with a"
                    f" letter, and none of {', '.join(_NO_LAYERS)}"
                )
        for layer in self.area_titles:
            if layer not in self.layers:
                raise ValueError(f"area_titles: there is no layer {layer!r}; there are {', '.join(self.layers)}")

    @property
    def layers(self) -> dict[str, str]:
        """The layers of areas that this department draws, the boundary first, each with its file."""
        return {BOUNDARY: self.boundary, **({TEAM: self.teams} if self.teams else {}), **self.areas}

    def area_title(self, layer: str) -> Text:
        """Return what people call an area of ``layer``: as declared, else its name."""
        return self.area_titles.get(layer) or _TITLES.get(layer) or Text(layer.replace("_", " ").capitalize())

    @property
    def zone(self) -> ZoneInfo:
        """The department's time zone."""
        return ZoneInfo(self.time_zone)

    def feed(self, dataset: str) -> Feed:
        """Return how ``dataset``'s feed is written; the defaults where the profile does not say."""
        return self.datasets.get(dataset, Feed())

    def rules(self, series: Dataset) -> ReportRules | None:
        """Return how a series of reports appears and is named: the department's rules, else the declared ones."""
        return self.report_rules.get(series.name, series.reports)

    def printed_figures(self, series: Dataset) -> Figures | None:
        """Return how the tables in the reports of ``series`` are printed; None where they are not read."""
        return self.figures.get(series.name, series.figures)

    def geojson(self, name: str) -> dict[str, Any]:
        """Return the GeoJSON file ``name`` of the profile's folder.

        Raises DeclarationError where it is missing or no JSON.
        """
        path = Path(self.folder) / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DeclarationError(path, f"cannot be read: {error}") from error
