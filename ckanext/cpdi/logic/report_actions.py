"""The actions of the archive of reports: files that staff send, what waits for them, and what they decide.

All are for staff of the organization alone: what was noticed in a report may be what has to be hidden.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import msgspec
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from ckanext.cpdi import config
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.logic import schema

if TYPE_CHECKING:
    from ckanext.cpdi.store import Store
    from ckanext.cpdi.store.reports import Held


@validate(schema.report_receive)
def cpdi_report_receive(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a PDF into a series: it is examined, cleaned, and waits for a decision of staff.

    :param series: name of a series of reports
    :type series: string
    :param upload: the file, as a part of a multipart form
    :type upload: file
    :returns: the report as :py:func:`cpdi_report_show` returns it; that of the same file where it came before
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ValidationError: for a file that is no report, with words that say why
    """
    from ckanext.cpdi.desk import reports

    tk.check_access("cpdi_report_receive", context, data_dict)
    upload = data_dict["upload"]
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise tk.ValidationError({"upload": [tk._("Choose the PDF of a report.")]})
    with _in_words("upload"), _spooled(upload) as path, config.store() as store:
        name = upload.filename.replace("\\", "/").rpartition("/")[2]
        return _shown(store, reports.receive(store, data_dict["series"], name, path))


@tk.side_effect_free
@validate(schema.report_faults)
def cpdi_report_faults(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the reports whose printed figures do not add up, by series, the latest first, with each fault.

    :param series: only those of this series (optional)
    :type series: string
    :returns: ``series``, ``period_start``, ``period_end``, ``edition``, ``held`` (how many figures are not published)
        and ``faults``, each with ``kind``, ``page``, its row (``area``, ``offence``), its column (``window``,
        ``part``), the figure as ``printed``, those that would be right (``expected``) and where they are from
        (``other``)
    :rtype: list of dictionaries
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    """
    from ckanext.cpdi.reports.tables import read_faults

    tk.check_access("cpdi_report_faults", context, data_dict)
    names = [data_dict["series"]] if data_dict.get("series") else config.profile().reports
    listed: list[dict[str, Any]] = []
    with config.store() as store:
        for series in names:
            faulty = {report.end: report for report in read_faults(config.faults_path(series))}
            for report in store.reports.published(series) if faulty else ():
                known = faulty.get(report.period_end) if report.present and report.period_end else None
                if known is not None and known.edition == report.edition:
                    days = {"period_start": report.period_start, "period_end": report.period_end}
                    faults = [msgspec.structs.asdict(fault) for fault in known.faults]
                    own = {"edition": known.edition, "held": known.held, "faults": faults}
                    listed.append({"series": series, **days, **own})
    return listed


@tk.side_effect_free
@validate(schema.report_list)
def cpdi_report_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the reports that wait for staff, the longest waiting first, or those of a series that are published.

    :param series: only those of this series (optional; required for published ones)
    :type series: string
    :param state: ``held`` or ``published`` (optional, default: held)
    :type state: string
    :rtype: list of dictionaries
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    """
    tk.check_access("cpdi_report_list", context, data_dict)
    series = data_dict.get("series")
    with config.store() as store:
        if data_dict["state"] == "held":
            return [asdict(report) for report in store.reports.held(series)]
        if not series:
            raise tk.ValidationError({"series": [tk._("Name a series")]})
        return [asdict(report) for report in store.reports.published(series)]


@tk.side_effect_free
@validate(schema.report)
def cpdi_report_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a held or published report, with what was noticed in it.

    :param report: the report's id
    :type report: string
    :returns: ``id``, ``series``, ``state``, ``period_start``, ``period_end``, ``edition``, ``pages``, ``file_name`` and
        more; ``notices``: for each ``page`` (0: the whole file), ``kind``, ``excerpt``, ``box`` (left, top, right,
        bottom in points) and ``holds``
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ObjectNotFound: where there is no such report
    """
    tk.check_access("cpdi_report_show", context, data_dict)
    with config.store() as store:
        report = store.reports.get(data_dict["report"])
        if report is None or report.state == "withdrawn":
            raise tk.ObjectNotFound(tk._("There is no such report"))
        return _shown(store, report)


@tk.side_effect_free
@validate(schema.report_picture)
def cpdi_report_picture(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Draw a page of a held or published report, with numbered frames around what was noticed on it.

    :param report: the report's id
    :type report: string
    :param page: number of the page, from 1
    :type page: integer
    :returns: ``media_type``, and ``data`` in Base64
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ValidationError: where there is no such page, or it cannot be drawn
    """
    from ckanext.cpdi.desk import reports

    tk.check_access("cpdi_report_picture", context, data_dict)
    with _in_words("page"), config.store() as store:
        drawn = reports.picture(store, data_dict["report"], data_dict["page"])
    return {"media_type": "image/webp", "data": b64encode(drawn).decode()}


@validate(schema.report_release)
def cpdi_report_release(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a held report as the next edition of its period.

    :param report: the report's id
    :type report: string
    :param day: any day of the report's period (optional where that is known)
    :type day: string
    :param note: for the records (optional)
    :type note: string
    :returns: the report
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ValidationError: where there is no such held report, or its period is not known or still to come
    """
    from ckanext.cpdi.desk import reports

    tk.check_access("cpdi_report_release", context, data_dict)
    with _in_words("report"), config.store() as store:
        who, note = str(context.get("user")), data_dict["note"]
        return asdict(reports.release(store, data_dict["report"], who, note, data_dict.get("day")))


@validate(schema.report_withdraw)
def cpdi_report_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Refuse a held report, or take a published one off the portal: its text and its files are deleted.

    :param report: the report's id
    :type report: string
    :param note: the reason, for the records; required for a published report
    :type note: string
    :returns: the report as it was
    :rtype: dictionary
    :raises NotAuthorized: for anybody but staff of the organization that publishes
    :raises ValidationError: where there is no such report, or a reason is missing
    """
    from ckanext.cpdi.desk import reports

    tk.check_access("cpdi_report_withdraw", context, data_dict)
    with _in_words("report"), config.store() as store:
        return asdict(reports.withdraw(store, data_dict["report"], str(context.get("user")), data_dict["note"]))


def _shown(store: Store, report: Held) -> dict[str, Any]:
    return {**asdict(report), "notices": [asdict(notice) for notice in store.reports.notices(report.id)]}


@contextmanager
def _in_words(field: str) -> Generator[None]:
    """Turn our own errors into ValidationError, keyed by ``field``."""
    try:
        yield
    except PortalError as error:
        raise tk.ValidationError({field: [error.said]}) from None


@contextmanager
def _spooled(upload: FileStorage) -> Generator[Path]:
    """Give the path of an upload in the spool; it is removed afterwards."""
    from ckanext.cpdi.feeds.files.spool import SpoolFolder

    folder = SpoolFolder(config.spool_path())
    try:
        path = folder.path / (secure_filename(upload.filename or "") or "upload")
        upload.save(path)
        yield path
    finally:
        folder.delete()
