"""A department of one square town with a few codes, and rows to send through the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from msgspec import structs

from ckanext.cpdi.declare import Classes, Code, CodeList, Dataset, Feed, Library, Profile, Text, read_library
from ckanext.cpdi.declare.departments.cells import Codes
from ckanext.cpdi.declare.departments.profile import Agency, PlaceRules
from ckanext.cpdi.rows import Evidence, Outcome, Places, Plan, Turn, build_places, make_plan, process
from ckanext.cpdi.rows.identity.known import STATE

ROOT = Path(__file__).parents[3]
SECRET = b"0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
WEST, SOUTH = -80.10, 32.70
"""The town's lower left corner; it is a tenth of a degree wide and high."""

PROBLEMS = {
    "Traffic Stop": "open",
    "Noise Complaint": "residential",
    "Domestic Dispute": "sensitive",
    "Warrant Service": "operational",
    "Child Reported": "minor",
    "Juvenile Record": "withheld",
}
DISPOSITIONS = {
    "LA_Arrest Made": ("open", ""),
    "LW_Warrant Arrest": ("operational", ""),
    "LE_Escort Domestic": ("sensitive", ""),
    "LDC_Duplicate Call": ("open", "duplicate"),
    "LX_Cancelled": ("open", "cancelled"),
    "LTEST_Test": ("open", "test"),
}
EMPTY_STATE = pl.DataFrame(schema=STATE)

ROW = {
    "Incident_Number": "26-000017",
    "Call_Datetime": "2026-01-10T13:37:42",
    "Problem": "Traffic Stop",
    "Call_Disposition": "LA_Arrest Made",
    "Address": "1234 Quillfen St",
    "LONGITUDE": "-80.0501",
    "LATITUDE": "32.7501",
    "Time_CallClosed": "2026-01-10T14:01:00",
    "First_Arrival": "2026-01-10T13:45:12",
    "Priority": "2",
    "Last_Modified": "2026-01-11T02:00:00",
}


@cache
def library() -> Library:
    """Return the repository's own declarations."""
    return read_library(ROOT / "schemas")


def town(folder: Path, feed: Feed | None = None, fewest: int = 8) -> Profile:
    """Return the town's profile; its boundary is written to ``folder``."""
    square = [[WEST, SOUTH], [WEST + 0.1, SOUTH], [WEST + 0.1, SOUTH + 0.1], [WEST, SOUTH + 0.1], [WEST, SOUTH]]
    boundary = {"type": "Polygon", "coordinates": [square]}
    (folder / "boundary.geojson").write_text(json.dumps(boundary), encoding="utf-8")
    problems = tuple(
        Code(value=value, meaning=value, category="things", privacy=name, code=value[:2].upper(), standard="STD")
        for value, name in PROBLEMS.items()
    )
    dispositions = tuple(
        Code(
            value=value,
            meaning=value,
            category="ends",
            privacy=name,
            code=value.split("_")[0],
            text=value.split("_")[1],
            event="no" if reason else "yes",
            event_reason=reason,
        )
        for value, (name, reason) in DISPOSITIONS.items()
    )
    problems = (structs.replace(problems[0], call_source="officer"), *problems[1:])
    return Profile(
        name="town",
        version="1",
        agency=Agency(name=Text("Town Police"), short_name="TPD", city="Town", state="SC"),
        time_zone="America/New_York",
        boundary="boundary.geojson",
        surroundings_km=10,
        categories={"things": Text("Things"), "ends": Text("Ends")},
        places=PlaceRules(minimum_addresses=fewest),
        classes=library().classes.all,
        datasets={"calls-for-service": feed or calls_feed()},
        folder=str(folder),
        lists={"problems": CodeList("problems", problems), "dispositions": CodeList("dispositions", dispositions)},
    )


def calls_feed(**more: Any) -> Feed:
    """Return how the town writes its calls, with ``more`` of Feed's settings."""
    codes = {
        "problem": Codes(list="problems"),
        "dispositions": Codes(list="dispositions", separator=",", cut_at=30),
    }
    return Feed(**{"codes": codes, "nulls": ("", "NULL"), **more})


def frame(rows: Iterable[Mapping[str, str | None]]) -> pl.DataFrame:
    """Return rows as a feed's batch; lines begin with 2."""
    table = pl.DataFrame([dict(row) for row in rows], infer_schema_length=None)
    table = table.select(pl.all().cast(pl.String))
    return table.select(pl.int_range(2, pl.len() + 2, dtype=pl.UInt32).alias("_line"), pl.all())


def street(name: str = "Quillfen St", blocks: int = 20, houses: int = 9) -> pl.DataFrame:
    """Return the addresses of a street that runs north through the town, ``houses`` a block."""
    rows = [
        (f"{block * 100 + house} {name}", -80.05, round(32.738 + block * 0.001 + house * 0.00005, 6), "North")
        for block in range(blocks)
        for house in range(1, houses + 1)
    ]
    schema = {"address": pl.String, "longitude": pl.Float64, "latitude": pl.Float64, "team": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(rows=pl.lit(1, pl.Int64))


def places_of(profile: Profile) -> Places:
    """Return the town's places: one street of twenty blocks."""
    return _places(Path(profile.folder), profile.places.minimum_addresses)


@cache
def _places(folder: Path, fewest: int) -> Places:
    return build_places(Evidence(street()), town(folder, fewest=fewest), SECRET)


def plan_for(profile: Profile, batch: pl.DataFrame, dataset: Dataset | None = None) -> Plan:
    """Return the plan for a batch."""
    headers = tuple(name for name in batch.columns if name != "_line")
    return make_plan(dataset or library().dataset("calls-for-service"), profile, SECRET, headers)


def run(
    profile: Profile,
    *rows: Mapping[str, str | None],
    state: pl.DataFrame = EMPTY_STATE,
    now: datetime = NOW,
    dataset: Dataset | None = None,
    turn: Turn | None = None,
) -> Outcome:
    """Send rows through the engine."""
    batch = frame(rows)
    return process(batch, plan_for(profile, batch, dataset), places_of(profile), state, now, turn=turn or Turn())


def one(
    profile: Profile, now: datetime = NOW, state: pl.DataFrame = EMPTY_STATE, **cells: str | None
) -> dict[str, Any]:
    """Return the published form of the usual row with ``cells`` changed; fail where it is not published."""
    outcome = run(profile, {**ROW, **cells}, now=now, state=state)
    assert outcome.published.height == 1, outcome.rejects.to_dicts()
    return outcome.published.to_dicts()[0]


def reason(
    profile: Profile, now: datetime = NOW, state: pl.DataFrame = EMPTY_STATE, **cells: str | None
) -> tuple[str, str, str]:
    """Return outcome, reason and field of the usual row with ``cells`` changed; fail where it is published."""
    outcome = run(profile, {**ROW, **cells}, now=now, state=state)
    assert outcome.published.height == 0, outcome.published.to_dicts()
    found = outcome.rejects.to_dicts()[0]
    return found["outcome"], found["reason"], found["field"]


def stored(outcome: Outcome) -> pl.DataFrame:
    """Return the state after an outcome was stored: published rows have ids, held ones have none."""
    table = outcome.published.select("_key", "_fingerprint", "_classes").with_row_index("_id", offset=1)
    inside = table.with_columns(pl.lit(None, pl.Date).alias("due"))
    outside = outcome.held.with_columns(pl.lit(0, pl.Int64).alias("_fingerprint"), pl.lit(None, pl.Int64).alias("_id"))
    return pl.concat([part.select(*STATE).cast(STATE) for part in (inside, outside)]).sort("_key")


def classes() -> Classes:
    """Return the declared classes."""
    return library().classes
