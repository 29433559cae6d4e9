"""The archive of reports: files by period and edition, listings, feeds, search to the page, calls by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.report_files import PDF, PICTURE, ROOT
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi.part import (
    CSV,
    JSON,
    NO_NUL,
    TEXT,
    TEXTUAL,
    Node,
    Operation,
    Part,
    a_list,
    an_object,
    answer,
    asked,
    in_path,
    reference,
)
from ckanext.cpdi.services.reports.series import declared

TAG = "Reports"
HTML, ATOM = "text/html", "application/atom+xml"
_KEPT = answer("the client has this version", {})
_NUMBER: Node = {"type": "integer"}
_DAY: Node = {"type": "string", "format": "date"}
_WORDS = asked("q", "words that are marked", NO_NUL)
_PERIOD = in_path(
    "period",
    "a month as 2024-03, any other period by its last day, 2024-03-24",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"},
)
_FILES: Mapping[str, Node] = {"application/pdf": {}, "image/webp": {}}


def part(tables: Sequence[Collection]) -> Part:
    """Return the operations on the series that everybody may read; none where there are none."""
    series = [dataset for dataset in declared() if readers(dataset.name) is Readers.EVERYBODY]
    public = {table.name for table in tables}
    paths = _of_all([dataset.name for dataset in series]) if series else {}
    for dataset in series:
        if dataset.weekly_from in public:
            paths |= _weekly(dataset)
    return Part(
        TAG,
        "Reports in PDF by period and edition, searchable to the page. A report that waits for staff, or was withdrawn,"
        " is as one that never was.",
        paths,
        {
            "schemas": {"Report": _report(), "ReportHits": _hits()},
            "responses": {"ReportRefusal": answer("what is wrong", {TEXT: TEXTUAL, HTML: TEXTUAL})},
        },
    )


def _of_all(names: Sequence[str]) -> dict[str, Node]:
    """Return the paths that each of the series ``names`` has."""
    series = in_path("series", "the series", {"type": "string", "enum": list(names)})
    extension = in_path("extension", "the file, or a picture of its first page", {"enum": [PDF, PICTURE]})
    number = in_path("number", "the edition, from 1 on", {"type": "integer", "minimum": 1, "maximum": 9999})
    year = in_path("year", "the year", {"type": "integer", "minimum": 1900, "maximum": 2100})
    parts = {"series": TEXTUAL, "reports": a_list(reference("schemas", "Report")), "missing": a_list(_gap())}
    listed = {JSON: an_object(parts, parts)}
    page = asked("page", "the page that it opens at", {"type": "integer", "minimum": 1})
    at = f"{ROOT}{{series}}"
    return {
        f"{ROOT}search": _search(names),
        f"{at}/{{period}}.{{extension}}": _file("present", "A report", (series, _PERIOD, extension)),
        f"{at}/{{period}}/{{number}}.{{extension}}": _file(
            "edition", "One edition of a report", (series, _PERIOD, number, extension)
        ),
        f"{at}/{{year}}.zip": _get("year", "All reports of a year", {"application/zip": {}}, (series, year)),
        f"{at}.json": _get("listing", "All editions of a series", listed, (series,)),
        f"{at}.atom": _get("feed", "What was published last", {ATOM: TEXTUAL}, (series,)),
        f"{at}/{{period}}": _get(
            "page", "A page that shows a report", {HTML: TEXTUAL}, (series, _PERIOD, page, _WORDS)
        ),
        f"{at}/{{period}}/text": _get("text", "The text of a report", {HTML: TEXTUAL}, (series, _PERIOD, _WORDS)),
    }


def _weekly(series: Dataset) -> dict[str, Node]:
    """Return the paths of the rows that are counted by week beside ``series``."""
    root, title = f"{ROOT}{series.name}/calls", series.title.en
    week = asked("week", "any day of a week; the last complete one without", _DAY)
    return {
        root: _get(f"calls.{series.name}", f"{title}: calls by week", {HTML: TEXTUAL}, (week,)),
        f"{root}.csv": _get(f"calls.csv.{series.name}", f"{title}: calls by week, a file", {CSV: TEXTUAL}, (week,)),
    }


def _file(name: str, summary: str, parameters: tuple[Node, ...]) -> Node:
    described = f"{summary}, or a picture of its first page"
    return _get(name, described, _FILES, parameters, (404, 416, 503))


def _search(names: Sequence[str]) -> Node:
    """Return the search to the page, which is never kept and answers whatever is asked."""
    parameters = (
        asked("q", 'words, "phrases", -without, or; at most 200 characters', NO_NUL),
        asked("series", "one series", {"type": "string", "enum": list(names)}),
        asked("year", "one year", {"type": "integer", "minimum": 1900, "maximum": 2100}),
        asked("page", "which 20 hits", {"type": "integer", "minimum": 1}),
        asked("f", "json for programs", {"type": "string", "enum": ["json"]}),
    )
    hits = answer("pages of reports, the newest first", {HTML: TEXTUAL, JSON: reference("schemas", "ReportHits")})
    answers = {"200": hits, "503": reference("responses", "ReportRefusal")}
    return {"get": Operation("reports.search", TAG, "Pages of reports that have words", answers, parameters).node()}


def _get(
    name: str,
    summary: str,
    kinds: Mapping[str, Node],
    parameters: tuple[Node, ...],
    refused: tuple[int, ...] = (404, 503),
) -> Node:
    answers = {"200": answer("as asked", kinds), "304": _KEPT}
    answers |= {str(status): reference("responses", "ReportRefusal") for status in refused}
    return {"get": Operation(f"reports.{name}", TAG, summary, answers, parameters).node()}


def _report() -> Node:
    """Return the schema of an edition in a listing."""
    texts = ("period", "pdf", "sha256", "language", "published")
    properties: dict[str, Node] = {
        **dict.fromkeys(texts, TEXTUAL),
        **dict.fromkeys(("period_start", "period_end"), _DAY),
        **dict.fromkeys(("edition", "pages", "size"), _NUMBER),
        "present": {"type": "boolean", "description": "whether it stands for its period"},
        "page": {"type": ["string", "null"]},
    }
    return an_object(properties, properties)


def _gap() -> Node:
    """Return the schema of a period without a report."""
    late = {"type": "boolean", "description": "whether it is after the last report, and its report is late"}
    properties: dict[str, Node] = {"period": TEXTUAL, "period_start": _DAY, "period_end": _DAY, "awaited": late}
    return an_object(properties, properties)


def _hits() -> Node:
    """Return the schema of what the search finds."""
    marked = an_object({"text": TEXTUAL, "marked": {"type": "boolean"}}, ["text", "marked"])
    hit = an_object(
        {
            **dict.fromkeys(("series", "period", "url", "pdf"), TEXTUAL),
            **dict.fromkeys(("period_start", "period_end"), _DAY),
            **dict.fromkeys(("edition", "page"), _NUMBER),
            "snippet": a_list(marked),
        },
        ["series", "period", "page", "url", "snippet"],
    )
    counts: Node = {"type": "object", "additionalProperties": _NUMBER}
    whole = dict.fromkeys(("total", "page", "pages"), _NUMBER)
    return an_object({"q": TEXTUAL, **whole, "series": counts, "years": counts, "hits": a_list(hit)}, ["total", "hits"])
