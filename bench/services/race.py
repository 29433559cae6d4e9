"""The same question to several servers, turn by turn, so that what disturbs the machine disturbs all of them.

In: one request a server. Out: percentiles of each, and which could not be measured and why.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bench.entry import Beside, Entry, Missing
from bench.process import CommandError
from bench.services.client import Answer, Client

OURS = "the portal"
Check = Callable[[Answer], None]
WARM = 3
"""Answers before the clock counts."""


@dataclass(frozen=True)
class Request:
    """A path at a server; ``check`` raises CommandError where the answer is not what was asked for."""

    url: str
    path: str
    check: Check = lambda _answer: None


@dataclass
class Took:
    """Milliseconds of each answer, and the bytes of the largest."""

    milliseconds: list[float] = field(default_factory=list[float])
    size: int = 0

    @property
    def p50(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        """In 19 of 20 cases no more."""
        return percentile(self.milliseconds, 95)

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        self.milliseconds.append(answer.total)
        self.size = max(self.size, answer.size)


@dataclass
class Race:
    """What each server took; ``missing`` says of the others why they were not measured."""

    took: dict[str, Took] = field(default_factory=dict[str, Took])
    missing: dict[str, str] = field(default_factory=dict[str, str])

    def entries(
        self,
        name: str,
        *,
        bar: float | None = None,
        floor: tuple[str, float | None] | None = None,
        peers: Mapping[str, float | None] | None = None,
        kind: str = "p50",
    ) -> Iterator[Entry | Missing]:
        """Yield the portal's percentile ``kind`` beside the floor, and once more beside each peer after the first.

        ``floor`` and ``peers`` have the bars of the ratios. Who took no part is told as missing.
        """
        peers = peers or {}
        if OURS not in self.took:
            yield Missing(name, self.missing.get(OURS, "was not asked"))
            return
        value = float(getattr(self.took[OURS], kind))
        low = self._beside(floor[0], floor[1], kind) if floor else None
        present = [one for one in peers if one in self.took]
        first = self._beside(present[0], peers[present[0]], kind) if present else None
        yield Entry(f"{name}, {kind}", value, "ms", low, first, bar)
        for peer in present[1:]:
            yield Entry(f"{name}, {kind}, beside {peer}", value, "ms", peer=self._beside(peer, peers[peer], kind))
        for other, why in self.missing.items():
            yield Missing(f"{name}: {other}", why)

    def _beside(self, name: str, bar: float | None, kind: str) -> Beside | None:
        took = self.took.get(name)
        return took and Beside(name, float(getattr(took, kind)), bar)


def race(requests: Mapping[str, Request], times: int) -> Race:
    """Ask each server ``times`` times, turn by turn, after :data:`WARM` answers that do not count."""
    outcome, clients = Race(), {name: Client(request.url) for name, request in requests.items()}
    for name, request in requests.items():
        try:
            for _ in range(WARM):
                checked(clients[name], request)
            outcome.took[name] = Took()
        except (CommandError, OSError) as error:
            outcome.missing[name] = str(error)
    for _ in range(times):
        for name, took in list(outcome.took.items()):
            try:
                took.add(clients[name].get(requests[name].path))
            except OSError as error:
                outcome.missing[name] = f"{type(error).__name__} after {len(took.milliseconds)} answers"
                del outcome.took[name]
    for client in clients.values():
        client.close()
    return outcome


def checked(client: Client, request: Request) -> Answer:
    """Return the answer; raise CommandError unless it is what was asked for."""
    answer = client.get(request.path)
    if answer.status != 200:
        raise CommandError(f"answered {answer.status} at {request.path.partition('?')[0]}")
    request.check(answer)
    return answer


def features(number: int) -> Check:
    """Return a check that a JSON answer has so many features."""

    def check(answer: Answer) -> None:
        document = json.loads(answer.body)
        if "features" not in document:
            raise CommandError(f"no features, but {answer.body[:120].decode(errors='replace')}")
        if len(document["features"]) != number:
            raise CommandError(f"{len(document['features'])} features, not {number}")

    return check


def percentile(values: list[float], number: int) -> float:
    """Return the percentile ``number`` of ``values``."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[number - 1]
