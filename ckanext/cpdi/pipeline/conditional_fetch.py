"""Fetches a feed, unless its source still has the version that the table was made of.

The request is conditional only where the same feed would change nothing: rules, places, deny list, key and code are
those of the earlier run, and no row has become due. The condition is the version that the same location gave then.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import ckanext.cpdi
from ckanext.cpdi import config
from ckanext.cpdi.declare import SyncRule
from ckanext.cpdi.feeds import Spool, Unchanged, Version, fetch, local
from ckanext.cpdi.feeds.readers import readers
from ckanext.cpdi.fetch_settings import fetch_settings
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.places import read_stored
from ckanext.cpdi.rows.derive import groups
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Origin, RunRow


@dataclass(frozen=True)
class Repeat:
    """An earlier run whose feed would change nothing if it were loaded again, and the origin of that feed."""

    run: RunRow
    origin: Origin

    @property
    def version(self) -> Version:
        """The version for the conditional request."""
        earlier = self.origin
        return Version(
            earlier.feed_name,
            self.run.feed_sha256,
            earlier.feed_size,
            earlier.feed_etag,
            earlier.feed_last_modified,
            earlier.feed_address,
        )


def fetch_feed(context: RunContext) -> Spool | Repeat:
    """Return the feed, or the run that it would only repeat; with ``force`` always the feed.

    Raises FeedError where it cannot be fetched, SettingError for credentials that cannot be used, PlacesError where the
    places file cannot be used.
    """
    location = context.location
    repeat = None if context.force else _repeatable(context)
    version = repeat.version if repeat else None
    try:
        if isinstance(location, Path):
            return local(location, previous=version)
        return fetch(location, fetch_settings(location), version)
    except Unchanged:
        if repeat is None:
            raise
        return repeat


def _repeatable(context: RunContext) -> Repeat | None:
    """Return the run that the same feed would only repeat; None where the feed is needed in any case."""
    dataset, profile, store = context.dataset, context.profile, context.store
    places = read_stored(config.places_path(profile.name))
    if places is None and has_places(dataset):  # the feed is needed to make them
        return None
    current_basis = basis(MaskingVersion.of(dataset, profile, places), context.rule, store.privacy.changes())
    match = store.ledger.repeatable(dataset.name, _source(context.location), current_basis, datetime.now(UTC))
    return Repeat(*match) if match else None


def basis(masks: MaskingVersion, rule: SyncRule, denied: int) -> str:
    """Return a keyed hash of everything but the feed that decides which rows are published, and how.

    ``denied`` is the number of changes of the deny list.
    """
    added = [code for registry in (readers(), groups()) if (code := registry.code_of_others())]
    return _keyed_hash("basis", str(masks), ckanext.cpdi.__version__, rule.mode, str(rule.days), str(denied), *added)


def fingerprint(sha256: str, basis_hash: str) -> str:
    """Return a keyed hash of a run's feed and basis, which together decide its outcome."""
    return _keyed_hash("run", sha256, basis_hash)


def origin(location: str | Path, basis_hash: str, version: Version) -> Origin:
    """Return the ledger's record of a feed that was fetched just now."""
    return Origin(
        feed_source=_source(location),
        basis=basis_hash,
        feed_name=version.name,
        feed_size=version.size,
        feed_etag=version.etag,
        feed_last_modified=version.last_modified,
        feed_address=version.address,
        feed_fetched=datetime.now(UTC),
    )


def _source(location: str | Path) -> str:
    """Return a keyed hash that stands for a location in the ledger, since an address may have secrets."""
    return _keyed_hash("source", str(location))


def _keyed_hash(*parts: str) -> str:
    return hmac.digest(config.secret(), "\0".join(parts).encode(), "sha256").hex()
