"""The archive of reports: 560 of them harvested, a phrase found on its page, the page of their series.

Beside the search stands the bare SQL, beside the page that of CKAN without the portal, on the same database.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.entry import Beside, Entry, Missing
from bench.portal import single_pool, stock
from bench.process import CommandError, Runner
from bench.services.client import Answer, Client
from bench.services.limits import OFF
from bench.services.race import WARM, Request, checked, percentile
from ckanext.cpdi.sample.reports import DEFAULT_END, INDEX, last_reports

SERIES = "compstat-reports"
REPORTS = 560
PAGE_OF_PHRASE = 3
TIMES = 100
_PAGE_TIMES = 10
_COPY = "stock-reports"


@dataclass(frozen=True)
class Phrase:
    """Three words that stand on page 3 of the report of the period that ends with a day, and nowhere else."""

    words: str
    period_end: str


def measure(runner: Runner) -> Iterator[Entry | Missing]:
    """Yield the figures of harvest, search and page."""
    folder = runner.work / "reports"
    written = runner.ckan("cpdi", "sample", "reports", "--series", SERIES, "--rows", str(REPORTS), "--out", str(folder))
    (folder / INDEX).unlink()  # no report
    yield Entry(f"{REPORTS} sample reports written", written.seconds, "s", bar=60)
    try:
        yield from _harvest(runner, folder)
        with single_pool(runner, OFF) as ours:
            yield from _search(ours.url, runner)
            page = _page(ours.url, SERIES)
        with stock(runner) as url:
            runner.module("bench.stock", str(runner.work / "stock.ini"), SERIES, _COPY)
            peer = _page(url, _COPY)
    except (CommandError, OSError) as error:
        yield Missing("reports", str(error))
        return
    yield Entry(
        f"page of a series of {REPORTS} reports", page[0], "ms", peer=Beside("CKAN's own", peer[0], 0.1), bar=150
    )
    yield Entry("its weight", page[1] / 1000, "kB", peer=Beside("CKAN's own", peer[1] / 1000), bar=200)


def _harvest(runner: Runner, folder: Path) -> Iterator[Entry]:
    """Yield how long the reports take, and their memory; then the same files once more."""
    load = ("cpdi", "load", SERIES, str(folder), "--json")
    first = runner.ckan(*load)
    report = first.json()
    if report["read"] != REPORTS or report["published"] < 0.9 * REPORTS:
        raise CommandError(f"{report['published']} of {report['read']} reports were published")
    yield Entry(f"{REPORTS} reports cleaned, read, indexed, pictured", first.seconds, "s", bar=120)
    yield Entry("processor time, with that of the processes that read", first.cpu, "CPU s")
    yield Entry("peak of all of them together", first.together_mb, "MB", bar=500)
    yield Entry("the same reports again", runner.ckan(*load).json()["seconds"], "s", bar=2)


def _search(url: str, runner: Runner) -> Iterator[Entry]:
    """Yield how long it takes to find a phrase with its page; the floor is the statement alone."""
    client = Client(url)
    pages, phrases = _published(client, url)
    taken: list[float] = []
    for number, phrase in enumerate([*phrases[:WARM], *phrases[-TIMES:]]):
        query = urlencode({"q": f'"{phrase.words}"', "f": "json"})
        answer = checked(client, Request(url, f"/reports/search?{query}"))
        _check(answer, phrase)
        if number >= WARM:
            taken.append(answer.total)
    client.close()
    floor = percentile(_bare(runner, phrases[-TIMES:]), 95)
    name = f"a phrase on page {PAGE_OF_PHRASE} of one of {len(phrases)} reports with {pages:,} pages, p95"
    yield Entry(name, percentile(taken, 95), "ms", floor=Beside("bare SQL", floor), bar=100)


def _published(client: Client, url: str) -> tuple[int, list[Phrase]]:
    """Return how many pages were published, and the phrases of the reports that stand for their periods."""
    answer = checked(client, Request(url, f"/reports/{SERIES}.json"))
    present = [report for report in json.loads(answer.body)["reports"] if report["present"]]
    ends = {report["period_end"] for report in present}
    phrases = {report.end.isoformat(): report.phrase for report in last_reports(REPORTS, DEFAULT_END, SERIES)[::-1]}
    pages = sum(report["pages"] for report in present)
    return pages, [Phrase(words, end) for end, words in phrases.items() if end in ends]


def _check(answer: Answer, phrase: Phrase) -> None:
    hits = [(hit["period_end"], hit["page"]) for hit in json.loads(answer.body)["hits"]]
    if hits != [(phrase.period_end, PAGE_OF_PHRASE)]:
        raise CommandError(f"hits {hits[:3]}, not page {PAGE_OF_PHRASE} of {phrase.period_end}")


def _bare(runner: Runner, phrases: Sequence[Phrase]) -> list[float]:
    """Return the milliseconds of the bare statement for each phrase, over a connection that is there."""
    (dsn,) = (
        line.partition("=")[2].strip()
        for line in runner.ini.read_text(encoding="utf-8").splitlines()
        if line.startswith("ckan.datastore.read_url")
    )
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [_ask(connection, phrase.words) for phrase in phrases]


def _ask(connection: psycopg.Connection[Any], words: str) -> float:
    began = perf_counter()
    connection.execute(
        "SELECT report, page FROM public._cpdi_report_page WHERE words @@ websearch_to_tsquery('english', %s)",
        (f'"{words}"',),
    ).fetchall()
    return 1000 * (perf_counter() - began)


def _page(url: str, dataset: str) -> tuple[float, int]:
    """Return the median milliseconds of a dataset's page, and its bytes."""
    client, request = Client(url), Request(url, f"/dataset/{dataset}")
    answers = [checked(client, request) for _ in range(WARM + _PAGE_TIMES)][WARM:]
    client.close()
    return statistics.median(answer.total for answer in answers), answers[0].size
