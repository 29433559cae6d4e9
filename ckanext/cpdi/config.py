"""The settings of ``config_declaration.yaml`` as typed values.

In: CKAN's configuration. Out: paths, the declarations, the department's profile, the store. What is read from files is
kept for the life of the process, by the path it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import msgspec
from ckan.exceptions import CkanConfigurationException
from ckan.plugins import plugin_loaded

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import DeclarationError, FreezeDay, Library, Profile, read_library, read_profile
from ckanext.cpdi.declare.clock import clock
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.registry import ExtensionError

if TYPE_CHECKING:
    from ckanext.cpdi.publish.site import Licence, Site
    from ckanext.cpdi.store import Store

SHORTEST_SECRET = 32


class SettingError(PortalError, CkanConfigurationException):
    """A setting is missing or wrong; the message names it and says what to do.

    CKAN's commands print one that is raised when they start as a sentence, without a traceback.
    """


@contextmanager
def starting() -> Iterator[None]:
    """Turn a declaration or an addition that cannot be used, within the block, into a SettingError."""
    try:
        yield
    except (DeclarationError, ExtensionError) as error:
        raise SettingError(str(error)) from error


def check() -> None:
    """Raise SettingError where the site cannot work with its settings or its declarations; called when CKAN starts."""
    with starting():
        profile()
    secret()
    guards()
    nightly_at()
    freeze_day()
    approvers()
    if tk.config["ckanext.cpdi.formats"]:  # else every format, whose libraries no start should load
        formats()
    places = {"ckanext.cpdi.files_path": files_path(), "ckanext.cpdi.private_path": private_path()}
    public, private = places.values()
    if private == public or public in private.parents:
        raise SettingError("ckanext.cpdi.private_path must not lie inside ckanext.cpdi.files_path, which is public")
    if plugin_loaded("datastore") and not plugin_loaded("cpdi_search"):
        raise SettingError("ckan.plugins: put cpdi_search behind datastore; no search finds a number without it")


_CLOSED = (
    "ckan.auth.public_user_details",
    "ckan.auth.create_user_via_web",
    "ckan.auth.create_user_via_api",
    "ckan.auth.anon_create_dataset",
    "ckan.auth.create_unowned_dataset",
    "ckan.auth.public_activity_stream_detail",
    "ckan.auth.user_create_organizations",
    "ckan.auth.user_create_groups",
    "ckan.datastore.sqlsearch.enabled",
)
"""Settings of CKAN that would open what the portal keeps closed, were they true."""


def guards() -> None:
    """Raise SettingError where a setting of CKAN takes away what keeps the portal and its staff safe."""
    for key in _CLOSED:
        if tk.config[key]:
            raise SettingError(f"{key} must be false: docs/security.md says what it would open")
    if not tk.config["testing"] and not tk.config["WTF_CSRF_ENABLED"]:
        raise SettingError("WTF_CSRF_ENABLED must be true: without it any site can send forms as your staff")
    if not production():
        return
    if tk.config["debug"]:
        raise SettingError("debug must be false on a real portal: its error pages run code")
    if tk.config["ckan.site_url"].startswith("https:") and not tk.config["SESSION_COOKIE_SECURE"]:
        raise SettingError("SESSION_COOKIE_SECURE must be true where ckan.site_url begins with https:")


def schemas_folder() -> Path:
    """Return the folder of the declarations that ship with the extension."""
    return Path(str(files("ckanext.cpdi.schemas")))


def library() -> Library:
    """Return all declared datasets: those that ship, and those of ``ckanext.cpdi.declarations``.

    Raises DeclarationError where one does not fit.
    """
    return _library(schemas_folder(), tuple(tk.config["ckanext.cpdi.declarations"]))


def profile(name: str | Path | None = None) -> Profile:
    """Return the profile called ``name``, the file at that path, or the site's own.

    Raises DeclarationError where there is none, or it does not fit.
    """
    wanted = str(name or tk.config["ckanext.cpdi.profile"])
    return _profile(_profile_path(wanted), schemas_folder(), tuple(tk.config["ckanext.cpdi.declarations"]))


def profile_in(zone: str) -> Profile:
    """Return the site's own profile with the days of ``zone``, that of a table; as it is where ``zone`` is empty."""
    own = profile()
    return msgspec.structs.replace(own, time_zone=zone) if zone not in ("", own.time_zone) else own


def secret() -> bytes:
    """Return the key for stand-ins of record numbers; raise SettingError for one that is missing or short."""
    value = tk.config["ckanext.cpdi.secret"]
    if len(value) < SHORTEST_SECRET:
        raise SettingError(
            f"ckanext.cpdi.secret is {'too short' if value else 'missing'}: set it to {SHORTEST_SECRET} or more random"
            ' characters, such as python3 -c "import secrets; print(secrets.token_hex(32))" prints, and keep it'
        )
    return value.encode()


def files_path() -> Path:
    """Return the folder of the published files."""
    return _folder("ckanext.cpdi.files_path")


def private_path() -> Path:
    """Return the folder for feeds that are being read and for places files; only its owner may enter it."""
    return _folder("ckanext.cpdi.private_path", mode=0o700)


def spool_path() -> Path:
    """Return the folder of feeds that are being read."""
    return _made(private_path() / "spool", mode=0o700)


def places_path(profile_name: str) -> Path:
    """Return where the places file of a department lies; it need not exist."""
    return _made(private_path() / "places", mode=0o700) / f"{profile_name}.parquet"


def drop_path() -> Path | None:
    """Return the drop folder; None where the site has none."""
    return _folder("ckanext.cpdi.drop_path") if tk.config["ckanext.cpdi.drop_path"] else None


def freeze_day() -> FreezeDay:
    """Return the day on which past years are frozen; raise SettingError for one that does not come every year."""
    try:
        return FreezeDay.parse(tk.config["ckanext.cpdi.freeze_day"])
    except ValueError:
        raise SettingError("ckanext.cpdi.freeze_day: write month and day, such as 02-15, that every year has") from None


def formats() -> tuple[str, ...]:
    """Return the formats that files are made in, by their extensions, in the order in which people see them.

    Raises SettingError for a name that no format has, and where one is left out that others stand on.
    """
    from ckanext.cpdi.publish.formats import chosen

    try:
        return tuple(chosen(tk.config["ckanext.cpdi.formats"]))
    except ValueError as error:
        raise SettingError(f"ckanext.cpdi.formats: {error}") from None


def production() -> bool:
    """Return whether this is a department's real portal, where synthetic rows are refused."""
    return tk.config["ckanext.cpdi.production"]


def full_after() -> int:
    """Return the days after which staff are told that no full feed has come; 0 for never."""
    return tk.config["ckanext.cpdi.full_after"]


def nightly_at() -> time:
    """Return the time of the department's day at which sources are due that name none of their own.

    Raises SettingError for one that is none.
    """
    try:
        return clock(tk.config["ckanext.cpdi.nightly_at"])
    except ValueError as error:
        raise SettingError(f"ckanext.cpdi.nightly_at: {error}") from None


def approvers() -> str:
    """Return who may approve privacy rules and deny records: ``admin`` of the organization, or ``sysadmin`` alone.

    Raises SettingError for anything else.
    """
    found = tk.config["ckanext.cpdi.approvers"]
    if found not in ("admin", "sysadmin"):
        raise SettingError("ckanext.cpdi.approvers is admin or sysadmin")
    return found


@dataclass(frozen=True)
class Limits:
    """What one address, or one question of somebody who is not signed in, is given; each is a setting."""

    requests_per_second: int
    requests_at_once: int
    connections: int
    api_connections: int
    streams: int
    question_bytes: int
    values: int
    words: int
    query_seconds: int


def limits() -> Limits:
    """Return the limits that are published."""
    return Limits(
        requests_per_second=tk.config["ckanext.cpdi.limits.requests_per_second"],
        requests_at_once=tk.config["ckanext.cpdi.limits.requests_at_once"],
        connections=tk.config["ckanext.cpdi.limits.connections"],
        api_connections=tk.config["ckanext.cpdi.limits.api_connections"],
        streams=tk.config["ckanext.cpdi.limits.streams"],
        question_bytes=tk.config["ckanext.cpdi.limits.question_bytes"],
        values=tk.config["ckanext.cpdi.limits.values"],
        words=tk.config["ckanext.cpdi.limits.words"],
        query_seconds=tk.config["ckanext.cpdi.limits.query_seconds"],
    )


def organization() -> str:
    """Return the name of the organization that publishes the datasets."""
    return tk.config["ckanext.cpdi.organization"]


def alert_to() -> tuple[str, ...]:
    """Return the addresses that are told of runs in trouble; empty for the organization's admins."""
    return tuple(tk.config["ckanext.cpdi.alert_to"])


def read_dsn() -> str:
    """Return the DataStore's connection string for the read role."""
    return _dsn(tk.config["ckan.datastore.read_url"])


def write_dsn() -> str:
    """Return the DataStore's connection string for the role that owns it."""
    return _dsn(tk.config["ckan.datastore.write_url"])


def store() -> Store:
    """Return a store, which writes to the DataStore; close it, or use it in a ``with`` block."""
    from ckanext.cpdi.store import Store

    read_role = _url(tk.config["ckan.datastore.read_url"]).username
    return Store(write_dsn(), str(read_role))


@dataclass(frozen=True)
class LicenceChoice:
    """A licence of CKAN's list."""

    id: str
    title: str
    url: str


def licence(licence_id: str = "") -> LicenceChoice:
    """Return the licence ``licence_id`` of CKAN's list, or the site's own; raise SettingError for an unknown one."""
    from ckan import model

    wanted = licence_id or tk.config["ckanext.cpdi.license"]
    found = model.Package.get_license_register().get(wanted)
    if found is None:
        raise SettingError(f"ckanext.cpdi.license: CKAN knows no licence {wanted!r}")
    return LicenceChoice(found.id, str(found.title), found.url or "")


def site(licence_id: str = "", department: Profile | None = None) -> Site:
    """Return what the published files say of this portal.

    ``licence_id`` is that of a dataset, if it has its own; ``department`` the profile it was loaded with.
    """
    from ckanext.cpdi.publish.site import Site

    terms = (department or profile()).agency.terms

    return Site(
        url=addresses.url(),
        title=tk.config["ckan.site_title"],
        licence=_named(licence(licence_id)),
        terms=(terms,) if terms.en else (),
    )


def _named(choice: LicenceChoice) -> Licence:
    """Return the licence under the identifier that SPDX gives it, where it is one of those proposed for public data."""
    from ckanext.cpdi.publish.site import Licence

    spdx = {"cc-zero": "CC0-1.0", "odc-pddl": "PDDL-1.0", "cc-by": "CC-BY-4.0"}
    pages = {"cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/"}
    return Licence(spdx.get(choice.id, choice.id), choice.title, pages.get(choice.id, choice.url))


@cache
def _library(schemas: Path, more: tuple[str, ...]) -> Library:
    return read_library(schemas, [Path(folder) for folder in more])


@cache
def _profile(path: Path, schemas: Path, more: tuple[str, ...]) -> Profile:
    library = _library(schemas, more)
    return read_profile(path, library.classes, library.datasets)


def _profile_path(wanted: str) -> Path:
    """Return the file of the profile ``wanted``: a path as it is, a name looked up in the folders of profiles."""
    if wanted.endswith((".yaml", ".yml")) or "/" in wanted:
        return Path(wanted).absolute()
    folders = [Path(one) for one in tk.config["ckanext.cpdi.profiles"]] + [Path(str(files("ckanext.cpdi.profiles")))]
    for folder in folders:
        if (folder / f"{wanted}.yaml").is_file():
            return folder / f"{wanted}.yaml"
    known = sorted({one.stem for folder in folders for one in folder.glob("*.yaml")})
    raise DeclarationError("ckanext.cpdi.profile", f"no profile {wanted!r}; there are {', '.join(known)}")


def _folder(key: str, mode: int = 0o755) -> Path:
    """Return the folder that the setting ``key`` names, made if need be."""
    value = tk.config[key]
    if not value:
        raise SettingError(f"{key} is not set: name a folder, such as /var/lib/ckan/cpdi/{key.split('.')[-1][:-5]}")
    return _made(Path(value).absolute(), mode)


def _made(path: Path, mode: int) -> Path:
    """Return ``path``, made with ``mode`` where it was missing; raise SettingError where it cannot be."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"the folder {path} cannot be made: {error.strerror}") from error
    return path


def _url(value: str):  # noqa: ANN202  SQLAlchemy's own URL, which nothing here should import at start-up
    from sqlalchemy.engine import make_url

    return make_url(value)


def _dsn(value: str) -> str:
    """Return an SQLAlchemy URL as one that libpq understands."""
    return _url(value).set(drivername="postgresql").render_as_string(hide_password=False)
