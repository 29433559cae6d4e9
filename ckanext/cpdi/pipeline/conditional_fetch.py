"""How a feed comes to a night: in full, or not at all where its source still has what the table was made of.

A source is asked under a condition only where running the same feed again would change nothing: rules, places, deny
list, key and code are those of that run, and no row has come due. The condition is what this very location said of its
version then.
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
from ckanext.cpdi.pipeline.places import stored
from ckanext.cpdi.rows.derive import groups
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Origin, RunRow, Store


@dataclass(frozen=True)
class Location:
    """Where a feed lies: what a harvest source may name, or, ``trusted``, a path that the operator gave."""

    address: str
    trusted: bool = False

    @property
    def source(self) -> str:
        """A keyed hash, under which the ledger knows the location: an address may hold what not everybody may see."""
        return _keyed("source", self.address)

    def fetch(self, known: Version | None = None) -> Spool:
        """Return the feed; raise Unchanged where it is the one ``known``, FeedError where it cannot be had."""
        if self.trusted:
            return local(Path(self.address), previous=known)
        try:
            settings = fetch_settings(self.address)
        except config.SettingError as error:
            raise FeedError("refused", str(error)) from error
        return fetch(self.address, settings, known)


@dataclass(frozen=True)
class Repeat:
    """A run whose feed would change nothing if it came again, and what is known of that feed."""

    run: RunRow
    origin: Origin

    @property
    def version(self) -> Version:
        """What the source is asked about."""
        known = self.origin
        return Version(
            known.feed_name,
            self.run.feed_sha256,
            known.feed_size,
            known.feed_etag,
            known.feed_last_modified,
            known.feed_address,
        )


def arrive(
    store: Store, dataset: Dataset, profile: Profile, location: Location, rule: SyncRule, *, force: bool
) -> Spool | Repeat:
    """Return the feed, or the run that it would only repeat, unless ``force`` wants it in any case.

    Raises FeedError where it cannot be had, PlacesError where there are places that cannot be used.
    """
    repeat = None if force else _repeatable(store, dataset, profile, location, rule)
    if repeat is None:
        return location.fetch()
    try:
        return location.fetch(repeat.version)
    except Unchanged:
        return repeat


def _repeatable(store: Store, dataset: Dataset, profile: Profile, location: Location, rule: SyncRule) -> Repeat | None:
    """Return the run that would only be repeated by the same feed; None where the feed is needed in any case."""
    known = stored(config.places_path(profile.name))
    if known is None and has_places(dataset):  # they are to be made of the feed
        return None
    now_holds = basis(MaskingVersion.of(dataset, profile, known), rule, store.privacy.changes())
    found = store.ledger.repeatable(dataset.name, location.source, now_holds, datetime.now(UTC))
    return Repeat(*found) if found else None


def basis(masks: MaskingVersion, rule: SyncRule, denied: int) -> str:
    """Return a keyed hash of all beside the feed that decides what is published of it.

    ``denied`` is how often the deny list was changed.
    """
    added = [one for kind in (readers(), groups()) if (one := kind.code_of_others())]
    return _keyed("basis", str(masks), ckanext.cpdi.__version__, rule.mode, str(rule.days), str(denied), *added)


def fingerprint(sha256: str, on_basis: str) -> str:
    """Return what stands for a run's whole outcome: its feed and its basis."""
    return _keyed("run", sha256, on_basis)


def origin(location: Location, on_basis: str, version: Version) -> Origin:
    """Return what the ledger keeps of a feed that came just now."""
    return Origin(
        feed_source=location.source,
        basis=on_basis,
        feed_name=version.name,
        feed_size=version.size,
        feed_etag=version.etag,
        feed_last_modified=version.last_modified,
        feed_address=version.address,
        feed_fetched=datetime.now(UTC),
    )


def _keyed(*parts: str) -> str:
    return hmac.digest(config.secret(), "\0".join(parts).encode(), "sha256").hex()
