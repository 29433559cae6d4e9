"""The places file of a department: read where it exists, made from the feed's own history where it does not.

It is never changed by a run: a place that moved with every feed would reveal where the new rows are. For the same
reason a file that cannot be used is not replaced automatically.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from ckanext.cpdi import config
from ckanext.cpdi.errors import PortalError, Said, of_system
from ckanext.cpdi.feeds import Reader
from ckanext.cpdi.pipeline.claim import claim
from ckanext.cpdi.pipeline.parallel import parallel_map
from ckanext.cpdi.rows import (
    Evidence,
    Places,
    PlacesFormError,
    Plan,
    build_places,
    place_headers,
    place_points,
    read_places,
    write_places,
)
from ckanext.cpdi.rows.places import POINTS, summed

_FEW = 500_000
"""Number of points from which dropping duplicates pays off."""


class PlacesError(PortalError, ValueError):
    """A places file cannot be used, or none can be made; the message says why and what to do."""


@dataclass(frozen=True)
class RunPlaces:
    """The places of a run; ``path`` is the file to write if the run is published, None where it exists already."""

    places: Places
    path: Path | None = None

    def keep(self) -> None:
        """Write the places file, if these places were made for this run.

        A feed without addresses makes no file, since the next feed may have some.
        """
        if self.path is not None and not self.places.is_empty:
            write_places(self.places, self.path)


def read_stored(path: Path) -> Places | None:
    """Return the places of the file ``path``; None where there is no such file.

    Raises PlacesError for a file that exists and cannot be used.
    """
    if not path.exists():
        _refuse_old(path.with_suffix(".parquet"))
        return None
    try:
        return read_places(path, config.secret())
    except PlacesFormError as error:
        raise PlacesError(error.said) from error
    except OSError as error:
        reason = of_system(error)
    except (ValueError, PolarsError, PanicException):
        reason = Said("it is damaged, or no places file")
    raise PlacesError(
        Said(
            "The places file {name} cannot be used: {reason}. Without it no row has its place: "
            "bring it back from a backup, or make it anew with `ckan cpdi places --from FILE "
            "--again`, which somebody has to approve.",
            name=path.name,
            reason=reason,
        )
    )


def _refuse_old(path: Path) -> None:
    """Raise PlacesError where there are places of the form before this one, which knew no ground."""
    if path.exists():
        raise PlacesError(
            Said(
                "The places file {name} is of an older form, which knows no ground. Make places anew "
                "with `ckan cpdi places --from FILE`, which somebody has to approve, or take the old "
                "file away: then the next feed makes them.",
                name=path.name,
            )
        )


@contextmanager
def places(path: Path, reader: Reader, plan: Plan) -> Generator[RunPlaces]:
    """Give the places of ``path`` for a run; where there is no such file, those made from ``reader``'s addresses.

    While one run makes the file, other runs that need it wait. Raises PlacesError for a file that cannot be used.
    """
    stored_places = read_stored(path)
    if stored_places is not None:
        yield RunPlaces(stored_places)
        return
    with claim(f"places {path.stem}", wait=True):
        stored_places = read_stored(path)
        yield RunPlaces(stored_places) if stored_places is not None else RunPlaces(_built(reader, plan), path)


def _built(reader: Reader, plan: Plan) -> Places:
    """Return the places made from the feed's own addresses."""
    return build_places(Evidence(points(reader, plan)), plan.profile, plan.secret, jurisdiction=plan.jurisdiction)


def points(reader: Reader, plan: Plan) -> pl.DataFrame:
    """Return the distinct addresses of a feed with their points and teams (columns of POINTS)."""
    batches = reader.batches(columns=place_headers(plan))
    parts = [pl.DataFrame(schema=POINTS)]
    for part in parallel_map(lambda batch: place_points(batch.frame, plan), batches):
        parts.append(part)
        # Duplicates are dropped whenever the rows have doubled: a long history repeats most addresses and points.
        if sum(frame.height for frame in parts) > max(_FEW, 2 * parts[0].height):
            parts = [summed(pl.concat(parts))]
    return summed(pl.concat(parts))
