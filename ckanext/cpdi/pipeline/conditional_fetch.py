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
from ckanext.cpdi.declare import Dataset, Profile, SyncRule
from ckanext.cpdi.feeds import FeedError, Spool, Unchanged, Version, fetch, local
from ckanext.cpdi.feeds.readers import readers
from ckanext.cpdi.fetch_settings import fetch_settings
from ckanext.cpdi.pipeline.places import read_stored
from ckanext.cpdi.rows.derive import groups
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Origin, RunRow, Store


@dataclass(frozen=True)
class Location:
    """The place of a feed: an address of a harvest source, or, where ``trusted``, a path that the operator gave."""

    address: str
    trusted: bool = False

    @property
    def source(self) -> str:
        """A keyed hash that stands for the location in the ledger, since an address may have secrets."""
        return _keyed_hash("source", self.address)

    def fetch(self, last_version: Version | None = None) -> Spool:
        """Return the feed; raise Unchanged where it is still ``last_version``, FeedError where it cannot be fetched."""
        if self.trusted:
            return local(Path(self.address), previous=last_version)
        try:
            settings = fetch_settings(self.address)
        except config.SettingError as error:
            raise FeedError("refused", str(error)) from error
        return fetch(self.address, settings, last_version)


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


def fetch_feed(
    store: Store, dataset: Dataset, profile: Profile, location: Location, rule: SyncRule, *, force: bool
) -> Spool | Repeat:
    """Return the feed, or the run that it would only repeat; with ``force`` always the feed.

    Raises FeedError where it cannot be fetched, PlacesError where the places file cannot be used.
    """
    repeat = None if force else _repeatable(store, dataset, profile, location, rule)
    if repeat is None:
        return location.fetch()
    try:
        return location.fetch(repeat.version)
    except Unchanged:
        return repeat


def _repeatable(store: Store, dataset: Dataset, profile: Profile, location: Location, rule: SyncRule) -> Repeat | None:
    """Return the run that the same feed would only repeat; None where the feed is needed in any case."""
    places = read_stored(config.places_path(profile.name))
    if places is None and has_places(dataset):  # the feed is needed to make them
        return None
    current_basis = basis(MaskingVersion.of(dataset, profile, places), rule, store.privacy.changes())
    match = store.ledger.repeatable(dataset.name, location.source, current_basis, datetime.now(UTC))
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


def origin(location: Location, basis_hash: str, version: Version) -> Origin:
    """Return the ledger's record of a feed that was fetched just now."""
    return Origin(
        feed_source=location.source,
        basis=basis_hash,
        feed_name=version.name,
        feed_size=version.size,
        feed_etag=version.etag,
        feed_last_modified=version.last_modified,
        feed_address=version.address,
        feed_fetched=datetime.now(UTC),
    )


def _keyed_hash(*parts: str) -> str:
    return hmac.digest(config.secret(), "\0".join(parts).encode(), "sha256").hex()
