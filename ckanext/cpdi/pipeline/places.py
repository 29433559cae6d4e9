"""The places file of a department: read where it is, made from the feed's own history where it is not.

It is frozen once made: a place that moved with every night's feed would tell where the new rows are. A file that cannot
be used is never made anew by itself, for the same reason.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from ckanext.cpdi import config
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.feeds import Reader
from ckanext.cpdi.pipeline.claim import claim
from ckanext.cpdi.pipeline.parallel import ahead
from ckanext.cpdi.rows import (
    Places,
    PlacesFormError,
    Plan,
    build_places,
    place_headers,
    place_points,
    read_places,
    write_places,
)
from ckanext.cpdi.rows.places import POINTS

_FEW = 500_000
"""Points that are kept before it is worth while to drop those that repeat."""


class PlacesError(PortalError, ValueError):
    """A places file cannot be used, or none can be made; the message says why and what to do."""


@dataclass(frozen=True)
class Found:
    """The places of a run; ``path`` is where they are to be kept if the run is good, None where they lie already."""

    places: Places
    path: Path | None = None

    def keep(self) -> None:
        """Write the places file, if these places were made for this run.

        A feed without any address makes no file: the next one may have some.
        """
        if self.path is not None and self.places.table.height:
            write_places(self.places, self.path)


def stored(path: Path) -> Places | None:
    """Return the places of the file ``path``; None where there is no such file.

    Raises PlacesError for a file that is there and cannot be used.
    """
    if not path.exists():
        return None
    try:
        return read_places(path, config.secret())
    except PlacesFormError as error:
        raise PlacesError(str(error)) from error
    except OSError as error:
        why = error.strerror or "it cannot be read"
    except (ValueError, PolarsError, PanicException):
        why = "it is damaged, or no places file"
    raise PlacesError(
        f"The places file {path.name} cannot be used: {why}. Without it no row has its place: bring it back from a"
        " backup, or make it anew with `ckan cpdi places --from FILE --again`, which somebody has to approve."
    )


@contextmanager
def places(path: Path, reader: Reader, plan: Plan) -> Generator[Found]:
    """Give the places of ``path`` for a run; where there is no such file, those that ``reader``'s addresses make.

    Until such a run has ended, another that wants the same file waits: one makes it for both. Raises PlacesError for
    a file that cannot be used.
    """
    known = stored(path)
    if known is not None:
        yield Found(known)
        return
    with claim(f"places {path.stem}", wait=True):
        known = stored(path)
        yield Found(known) if known is not None else Found(_made(reader, plan), path)


def _made(reader: Reader, plan: Plan) -> Places:
    """Return the places that the feed's own addresses make."""
    return build_places(points(reader, plan), plan.profile, plan.secret)


def points(reader: Reader, plan: Plan) -> pl.DataFrame:
    """Return the different addresses of a feed with their points and teams (columns of POINTS)."""
    batches = reader.batches(columns=place_headers(plan))
    parts = [pl.DataFrame(schema=POINTS)]
    for part in ahead(lambda batch: place_points(batch.frame, plan), batches):
        parts.append(part)
        # Sorted out whenever they have doubled: most rows of a long history repeat an address and its point.
        if sum(one.height for one in parts) > max(_FEW, 2 * parts[0].height):
            parts = [pl.concat(parts).unique()]
    return pl.concat(parts).unique()
