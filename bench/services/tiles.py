"""Vector tiles: points beside Martin and a bare ST_AsMVT, cells with and without a filter, cold and kept."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from bench.entry import Beside, Entry, Missing
from bench.load import DATASET
from bench.process import CommandError
from bench.services.client import Client
from bench.services.ground import TABLE, Ground, Tile, tiles
from bench.services.peers import FLOOR, MARTIN, Peers
from bench.services.race import OURS, Race, Request, Took, checked

RAW, CELLS = range(14, 17), range(14)
_RAW_TILES, _CELL_TILES = 30, 6
_HEAVY = ((12, 1), (8, 1))
"""Zoom, and how many of its tiles are asked of Martin, which has every point in them."""
_AGAIN = 3


def path(tile: Tile, filtering: str = "") -> str:
    """Return the portal's address of a tile."""
    zoom, column, row = tile
    return f"/ogc/collections/{DATASET}/tiles/WebMercatorQuad/{zoom}/{row}/{column}{'?' * bool(filtering)}{filtering}"


def measure(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield the entries as they come."""
    try:
        checked(Client(ours), Request(ours, path((0, 0, 0))))
    except (CommandError, OSError) as error:
        yield Missing("tiles", str(error))
        return
    yield from _raw(ours, ground, peers)
    plain = [(tile, "") for zoom in CELLS for tile in tiles(ground, zoom, _CELL_TILES)]
    yield from _cells(ours, "cells, zoom 0–13", plain)
    yield from _cells(
        ours, "cells by a filter, zoom 0–13", [(tile, by) for tile, _ in plain for by in _filters(ground)]
    )
    yield from _heavy(ground, peers)


def _raw(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Ask each tile once of each server, in turn; none of them has seen it before."""
    outcome = Race({OURS: Took()}, {})
    clients = {OURS: Client(ours), **{name: Client(peers.urls[name]) for name in (FLOOR, MARTIN) if name in peers.urls}}
    every = [tile for zoom in RAW for tile in tiles(ground, zoom, _RAW_TILES)]
    for name in clients:
        outcome.took[name] = Took()
    for number, tile in enumerate(every):
        addresses = {OURS: path(tile), FLOOR: _bare(tile), MARTIN: _martin(tile)}
        for name in _turned(list(clients), number):
            outcome.took[name].add(clients[name].get(addresses[name]))
    name = f"tiles, cold, zoom {RAW[0]}–{RAW[-1]}, {len(every)} tiles"
    for kind, bar in (("p95", 1.2), ("p50", None)):
        floor = None if MARTIN in peers.urls else bar  # the bare route stands in for Martin
        yield from outcome.entries(name, floor=(FLOOR, floor), peers={MARTIN: bar}, kind=kind)
    yield Entry(f"{name}, largest", outcome.took[OURS].size / 1000, "kB", peer=_size(outcome, MARTIN))


def _size(outcome: Race, name: str) -> Beside | None:
    return Beside(name, outcome.took[name].size / 1000) if name in outcome.took else None


def _turned(names: list[str], number: int) -> list[str]:
    """Return the names, another one first each time: who comes first finds the rows cold."""
    start = number % len(names)
    return [*names[start:], *names[:start]]


def _cells(ours: str, name: str, every: list[tuple[Tile, str]]) -> Iterator[Entry | Missing]:
    """Yield tiles that were not asked for before, and the same once more."""
    client, cold, kept = Client(ours), Race({OURS: Took()}), Race({OURS: Took()})
    for tile, filtering in every:
        answer = client.get(path(tile, filtering))
        if answer.status not in (200, 204):
            yield Missing(name, f"{path(tile, filtering)} answered {answer.status}")
            return
        cold.took[OURS].add(answer)
    for tile, filtering in every:
        answers = [client.get(path(tile, filtering)) for _ in range(_AGAIN)]  # each worker may keep its own
        kept.took[OURS].add(answers[-1])
    yield from cold.entries(f"{name}, cold, {len(every)} tiles", bar=100, kind="p95")
    yield Entry(f"{name}, largest", cold.took[OURS].size / 1000, "kB", bar=100)
    yield from kept.entries(f"{name}, cached", bar=5, kind="p95")


def _filters(ground: Ground) -> list[str]:
    """Return three filters as links have them."""
    column = str(ground.table.category)
    several = [(column, category) for category in ground.categories[1:4]]
    return [
        urlencode({column: ground.categories[0]}),
        urlencode([*several, ("to", ground.half.isoformat())]),
        urlencode({"from": ground.half.isoformat(), "bbox": ground.bounds}),
    ]


def _heavy(ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield what Martin takes for a tile with every point in it; as information."""
    for zoom, most in _HEAVY:
        for tile in tiles(ground, zoom, most) if MARTIN in peers.urls else ():
            answer = Client(peers.urls[MARTIN]).get(_martin(tile))
            yield Entry(f"Martin, raw tile of zoom {zoom}, {answer.size / 1e6:.1f} MB", answer.total, "ms")


def _martin(tile: Tile) -> str:
    zoom, column, row = tile
    return f"/{TABLE}/{zoom}/{column}/{row}"


def _bare(tile: Tile) -> str:
    zoom, column, row = tile
    return f"/tiles/{zoom}/{column}/{row}"
