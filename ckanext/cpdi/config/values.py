"""Single settings, checked and typed."""

from __future__ import annotations

from datetime import time, timedelta

import ckan.plugins.toolkit as tk

from ckanext.cpdi.config.errors import SettingError
from ckanext.cpdi.declare import FreezeDay, Table
from ckanext.cpdi.declare.clock import clock

SHORTEST_SECRET = 32


def secret() -> bytes:
    """Return the key for stand-ins of record numbers; raise SettingError for one that is missing or short."""
    value = tk.config["ckanext.cpdi.secret"]
    if len(value) < SHORTEST_SECRET:
        raise SettingError(
            f"ckanext.cpdi.secret is {'too short' if value else 'missing'}: set it to {SHORTEST_SECRET} or more random"
            ' characters, such as python3 -c "import secrets; print(secrets.token_hex(32))" prints, and keep it'
        )
    return value.encode()


def freeze_day() -> FreezeDay:
    """Return the day on which past years are frozen; raise SettingError for a day that some years do not have."""
    try:
        return FreezeDay.parse(tk.config["ckanext.cpdi.freeze_day"])
    except ValueError:
        raise SettingError("ckanext.cpdi.freeze_day: write month and day, such as 02-15, that every year has") from None


def formats(table: Table | None = None) -> tuple[str, ...]:
    """Return the extensions of the formats that files are made in, in the order of the pages; of those of ``table``,
    where one is given.

    Raises SettingError for an unknown format, and where a format is missing that another one needs.
    """
    from ckanext.cpdi.publish.formats import chosen, offered

    try:
        names = tuple(chosen(tk.config["ckanext.cpdi.formats"]))
    except ValueError as error:
        raise SettingError(f"ckanext.cpdi.formats: {error}") from None
    return names if table is None else tuple(offered(table, names))


def unpacked_bytes() -> int:
    """Return the bytes that plain copies of a table's packed files may take."""
    return tk.config["ckanext.cpdi.unpacked_mb"] * 1_000_000


def production() -> bool:
    """Return whether this is a department's real portal, where synthetic rows are refused."""
    return tk.config["ckanext.cpdi.production"]


def reports_ocr() -> bool:
    """Return whether scanned pages of reports are read by OCR."""
    return tk.config["ckanext.cpdi.reports_ocr"]


def metrics_for() -> frozenset[str]:
    """Return the addresses that may read ``/metrics``."""
    return frozenset(tk.config["ckanext.cpdi.metrics_for"])


def full_after() -> int:
    """Return the days after which staff are notified that no full feed has come; 0 for never."""
    return tk.config["ckanext.cpdi.full_after"]


def nightly_at() -> time:
    """Return the time of the department's day at which sources without a time of their own are due.

    Raises SettingError for anything but a time.
    """
    try:
        return clock(tk.config["ckanext.cpdi.nightly_at"])
    except ValueError as error:
        raise SettingError(f"ckanext.cpdi.nightly_at: {error}") from None


def approvers() -> str:
    """Return who may approve privacy rules and deny records: ``admin`` of the organization, or ``sysadmin`` alone.

    Raises SettingError for anything else.
    """
    role = tk.config["ckanext.cpdi.approvers"]
    if role not in ("admin", "sysadmin"):
        raise SettingError("ckanext.cpdi.approvers is admin or sysadmin")
    return role


def organization() -> str:
    """Return the name of the organization that publishes the datasets."""
    return tk.config["ckanext.cpdi.organization"]


def alert_to() -> tuple[str, ...]:
    """Return the mail addresses for notices about runs; empty for the organization's admins."""
    return tuple(tk.config["ckanext.cpdi.alert_to"])


def letters_kept() -> timedelta:
    """Return how long what visitors wrote is kept after their report of an error was answered."""
    return timedelta(days=max(0, tk.config["ckanext.cpdi.letters_kept"]))


def mail_languages() -> dict[str, str]:
    """Return the language of mails (``en``, ``es``) by the address of mail in small letters.

    Raises SettingError for anything but addresses with a language.
    """
    languages: dict[str, str] = {}
    for entry in tk.config["ckanext.cpdi.mail_languages"]:
        address, _, language = entry.rpartition("=")
        if "@" not in address or language not in ("en", "es"):
            raise SettingError("ckanext.cpdi.mail_languages: write addresses with en or es, such as it@example.gov=es")
        languages[address.lower()] = language
    return languages
