"""A night's export of calls for service, as a dispatch system writes it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ckanext.cpdi.declare import CodeList, Profile
from ckanext.cpdi.sample.city import City, draw_spots, lay_out
from ckanext.cpdi.sample.clock import Instants, draw_times, stamps
from ckanext.cpdi.sample.dirt import Columns, Fault, put, repeat_previous, rewrite, swap, write_dirty

CALLS_A_DAY = 740
"""Charleston's mean of 2015 to 2019: 265,000 to 275,000 calls a year."""

DEFAULT_END = datetime(2026, 1, 1)  # noqa: DTZ001  local wall time, as the feed has it
_FORMAT = "%Y-%m-%dT%H:%M:%S"

# Shares of rows. Together below 2 %, so that the checks of a run pass.
_FAULTS: dict[Fault, float] = {
    put(X="0", Y="0", LONGITUDE="0", LATITUDE="0"): 0.004,
    put(X="", Y="", LONGITUDE="", LATITUDE="", Address=""): 0.003,
    put(Call_Disposition="LTEST_Test"): 0.0006,
    swap("LONGITUDE", "LATITUDE"): 0.0004,
    rewrite("LONGITUDE", lambda text: text.lstrip("-")): 0.0004,
    put(LONGITUDE="-122.419416", LATITUDE="37.774929"): 0.0004,
    swap("Response_Date", "Time_CallClosed"): 0.001,
    rewrite("Response_Date", lambda text: text[:10]): 0.001,
    rewrite("Response_Date", lambda text: f"20260{text[4:]}"): 0.0002,
    put(Response_Date="infinity"): 0.0001,
    put(Master_Incident_Number=""): 0.0003,
    repeat_previous("Master_Incident_Number"): 0.001,
    put(Problem="999Z_Code Nobody Knows"): 0.0004,
    rewrite("Problem", lambda text: f"  {text}  "): 0.001,
    put(Address="=1+1"): 0.0002,
    rewrite("Address", lambda text: f"{text}, Apt <b>3</b>"): 0.001,
    rewrite("Address", str.upper): 0.02,
}


def write_calls(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write ``rows`` calls of the ``days`` before ``end`` (local wall time) to ``path``; ``.gz`` compresses.

    Returns how many. ``days`` defaults to the time in which Charleston has so many calls. The profile needs the code
    lists of its calls.
    Raises ValueError where it has none, or ``rows`` is below 1.
    """
    if rows < 1:
        raise ValueError("at least one row is needed")
    rng = np.random.default_rng(seed)
    city = lay_out(profile.geojson(profile.boundary), rng)
    times = draw_times(rows, end, days or rows / CALLS_A_DAY, rng)
    columns = _columns(profile, city, times, end, rng)
    return write_dirty(path, columns, _FAULTS, rng)


def _columns(profile: Profile, city: City, times: Instants, end: datetime, rng: np.random.Generator) -> Columns:
    """Return the export's columns as texts, in the header's order."""
    count = len(times)
    codes = profile.feed("calls-for-service").codes
    spots = draw_spots(city, count, rng)
    streets = np.array(city.streets, dtype=object)
    longitude, latitude = texts(spots.longitude), texts(spots.latitude)
    return {
        "X": longitude.copy(),
        "Y": latitude.copy(),
        "Master_Incident_Number": _numbers(times),
        "Response_Date": stamps(times, _FORMAT),
        "Problem": _codes(profile.lists[codes["problem"].list], count, rng),
        "Address": texts(spots.house) + " " + streets[spots.street],
        "City": np.full(count, profile.agency.city, dtype=object),
        "State": np.full(count, profile.agency.state, dtype=object),
        "Postal_Code": np.full(count, "00000", dtype=object),
        "Call_Disposition": _codes(profile.lists[codes["dispositions"].list], count, rng),
        "Time_CallClosed": _closings(times, end, rng),
        "LONGITUDE": longitude,
        "LATITUDE": latitude,
        "FID": texts(np.arange(1, count + 1)),
    }


def texts(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return numbers as an array of texts."""
    return pl.Series(values).cast(pl.String).to_numpy().astype(object)


def _numbers(times: Instants) -> np.ndarray[Any, Any]:
    """Return record numbers that count up through each year, as in dispatch systems."""
    year = times.astype("datetime64[Y]").astype(int) + 1970
    first = np.searchsorted(year, year)
    frame = pl.DataFrame({"year": year, "number": np.arange(len(times)) - first + 1})
    number = pl.col("number").cast(pl.String).str.zfill(7)
    return frame.select(pl.format("SAMPLE-{}-{}", "year", number)).to_series().to_numpy().astype(object)


def _codes(codes: CodeList, count: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Draw values of a code list, weighted by their counts."""
    weight = np.array([max(code.count, 1) for code in codes.codes], dtype=float)
    values = np.array([code.value for code in codes.codes], dtype=object)
    return values[rng.choice(len(values), size=count, p=weight / weight.sum())]


def _closings(times: Instants, end: datetime, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Return when each call was closed, 20 minutes later in the median; empty where that is after ``end``."""
    closed = times + (rng.lognormal(np.log(1200), 1.0, len(times))).astype("timedelta64[s]")
    written = stamps(closed, _FORMAT)
    written[closed > np.datetime64(end, "s")] = ""
    return written
