"""The archive of reports: a phrase found on its page, and the page of a series, beside the bare SQL and stock CKAN.

``python -m bench.reports INI`` fills the archive with 560 weekly reports of 6,000 pages, and the catalogue with a
resource for each, and prints the phrases that stand once, each with its report and page.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.entry import Beside, Entry, Missing
from bench.portal import single_pool
from bench.process import CommandError, Runner
from bench.services.client import Answer, Client
from bench.services.limits import OFF
from bench.services.race import WARM, Request, checked, percentile

SERIES = "compstat-reports"
REPORTS, PAGES = 560, 6_000
PAGE_OF_PHRASE = 3
TIMES = 100
_PAGE_TIMES = 10
_WORDS = 320
"""Words of a page."""
_LEXICON = 900
_FIRST = date(2014, 1, 5)
_SEED = 15
_STOCK: dict[str, object] = {"ckan.plugins": "activity datastore"}
"""CKAN without the portal, on the same database."""


def measure(runner: Runner) -> Iterator[Entry | Missing]:
    """Yield the figures of the search and of the series' page."""
    phrases = runner.module("bench.reports", str(runner.ini)).json()["phrases"]
    try:
        with single_pool(runner, OFF) as ours:
            yield from _search(ours.url, phrases, runner)
            page = _page(ours.url)
        with single_pool(runner, {**OFF, **_STOCK}) as stock:
            peer = _page(stock.url)
    except (CommandError, OSError) as error:
        yield Missing("reports", str(error))
        return
    seconds, stock_seconds = page[0], peer[0]
    name = f"page of a series of {REPORTS} reports"
    yield Entry(f"{name}, median", seconds, "ms", peer=Beside("CKAN's own page", stock_seconds, 0.1), bar=150)
    yield Entry(f"{name}, weight", page[1] / 1000, "kB", peer=Beside("CKAN's own page", peer[1] / 1000), bar=200)


def _search(url: str, phrases: Sequence[dict[str, Any]], runner: Runner) -> Iterator[Entry]:
    """Yield how long it takes to find a phrase with its page; the floor is the statement alone."""
    client = Client(url)
    taken: list[float] = []
    for number, phrase in enumerate([*phrases[:WARM], *phrases[-TIMES:]]):
        query = urlencode({"q": f'"{phrase["words"]}"', "f": "json"})
        answer = checked(client, Request(url, f"/reports/search?{query}", lambda got: _found(got, phrase)))  # noqa: B023
        if number >= WARM:
            taken.append(answer.total)
    client.close()
    floor = percentile([_floor(runner, phrase["words"]) for phrase in phrases[-TIMES:]], 95)
    name = f"a phrase on page {PAGE_OF_PHRASE} of one of {REPORTS} reports with {PAGES:,} pages, p95"
    yield Entry(name, percentile(taken, 95), "ms", floor=Beside("bare SQL", floor), bar=100)


def _found(answer: Answer, phrase: dict[str, Any]) -> None:
    hits = [(hit["period_end"], hit["page"]) for hit in json.loads(answer.body)["hits"]]
    if hits != [(phrase["period_end"], PAGE_OF_PHRASE)]:
        raise CommandError(f"hits {hits[:3]}, not {phrase['period_end']}")


def _floor(runner: Runner, words: str) -> float:
    """Return the milliseconds of the bare statement, over a connection that is there."""
    connection = _connection(runner)
    began = perf_counter()
    connection.execute(
        "SELECT report, page FROM public._cpdi_report_page WHERE words @@ websearch_to_tsquery('english', %s)",
        (f'"{words}"',),
    ).fetchall()
    return 1000 * (perf_counter() - began)


_connections: dict[Path, psycopg.Connection[Any]] = {}


def _connection(runner: Runner) -> psycopg.Connection[Any]:
    """Return a connection of the read role, made once."""
    if runner.ini not in _connections:
        (dsn,) = (
            line.partition("=")[2].strip()
            for line in runner.ini.read_text(encoding="utf-8").splitlines()
            if line.startswith("ckan.datastore.read_url")
        )
        _connections[runner.ini] = psycopg.connect(dsn, autocommit=True)
    return _connections[runner.ini]


def _page(url: str) -> tuple[float, int]:
    """Return the median milliseconds of the series' page, and its bytes."""
    client, request = Client(url), Request(url, f"/dataset/{SERIES}")
    answers = [checked(client, request) for _ in range(WARM + _PAGE_TIMES)][WARM:]
    client.close()
    return statistics.median(answer.total for answer in answers), answers[0].size


def fill(ini: str) -> list[dict[str, str]]:
    """Fill archive and catalogue; return the phrases that stand once, each with its report's last day."""
    from bench.site import start

    with start(ini):
        from ckanext.cpdi import config
        from ckanext.cpdi.catalog.department import ensure_all

        ensure_all()
        phrases = [_publish(number) for number in range(REPORTS)]
        _list_in_catalogue()
        with psycopg.connect(config.write_dsn(), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE) cpdi.report_page")
            connection.execute("VACUUM (ANALYZE) cpdi.report")
    return phrases


def _publish(number: int) -> dict[str, str]:
    """Publish a report with pages of common words, and a phrase of three of them on its third page."""
    from ckanext.cpdi import config
    from ckanext.cpdi.store.reports import PageText, Received

    chance = random.Random(_SEED + number)  # noqa: S311  texts, no secrets
    words = lexicon()
    phrase = " ".join(chance.sample(words, 3))
    pages: list[PageText] = []
    for page in range(1, (number + 1) * PAGES // REPORTS - number * PAGES // REPORTS + 1):
        text = chance.choices(words, k=_WORDS)
        pages.append(PageText(page, " ".join([*text, phrase] if page == PAGE_OF_PHRASE else text)))
    mark, end = f"{number:064x}", _FIRST + timedelta(weeks=number)
    period = (end - timedelta(days=6), end)
    with config.store() as store:
        report = store.reports.receive(
            Received(SERIES, f"{end}.pdf", mark, mark, 300_000, tuple(pages), period=period), None
        )
        store.reports.publish(report)
    return {"words": phrase, "period_end": end.isoformat()}


def lexicon() -> list[str]:
    """Return invented words, each of which stands on many pages."""
    chance = random.Random(_SEED)  # noqa: S311
    syllables = [first + vowel for first in "bdfgklmnprstv" for vowel in "aeiou"]
    words: set[str] = set()
    while len(words) < _LEXICON:
        words.add("".join(chance.choices(syllables, k=3)))
    return sorted(words)


def _list_in_catalogue() -> None:
    """Give the dataset a resource for each report, as a run does."""
    import ckan.plugins.toolkit as tk
    from ckan import model

    from ckanext.cpdi.catalog.people import portal_user
    from ckanext.cpdi.site.reports.dataset_page import OURS

    resources = [
        {
            "name": f"Week {number}",
            "url": f"https://example.org/reports/{number}.pdf",
            "format": "PDF",
            "size": 300_000,
            "period_start": (_FIRST + timedelta(weeks=number, days=-6)).isoformat(),
            "period_end": (_FIRST + timedelta(weeks=number)).isoformat(),
        }
        for number in range(REPORTS)
    ]
    tk.get_action("package_patch")(portal_user(), {"id": SERIES, "resources": resources})
    owned = model.Session.query(model.Package.id).filter_by(name=SERIES).scalar_subquery()
    model.Session.query(model.Resource).filter(model.Resource.package_id == owned).update({"url_type": OURS}, False)
    model.Session.commit()


if __name__ == "__main__":
    print(json.dumps({"phrases": fill(sys.argv[1])}))
