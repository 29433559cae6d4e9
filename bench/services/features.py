"""Pages of features: FeatureServer and OGC API Features beside a bare route, Koop, pygeoapi and tipg."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from bench.entry import Beside, Entry, Missing
from bench.load import DATASET
from bench.process import CommandError
from bench.services.client import throughput
from bench.services.ground import PAGE, SCHEMA, TABLE, Ground
from bench.services.peers import FLOOR, KOOP, PYGEOAPI, TIPG, Peers
from bench.services.race import OURS, Race, Request, features, race

TIMES = 40
SMALL = 100
"""Features of a small page, and ids of one question: as many as QGIS asks for."""
LAYER = f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query"
ITEMS = f"/ogc/collections/{DATASET}/items"
_OTHERS = {
    KOOP: "/table/rest/services/FeatureServer/0/query",
    PYGEOAPI: "/collections/calls/items",
    TIPG: f"/collections/{SCHEMA}.{TABLE}/items",
}
_ITEMS = 1_000
_CLIENTS, _SECONDS, _RATE = 4, 5, 200
_PBF = "pbf"


def layer(**parameters: object) -> str:
    """Return a query of the portal's layer: all rows and columns as JSON, unless it says otherwise."""
    return f"{LAYER}?{_query(parameters)}"


def measure(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield what pages of 2,000, 1,000 and 100 features take, and how many of the last are answered a second."""
    yield from _box(ours, ground, peers)
    yield from _small(ours, ground, peers)
    yield from _items(ours, ground, peers)


def _box(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    asked = {"geometry": ground.bounds, "geometryType": "esriGeometryEnvelope", "inSR": 4326, "resultRecordCount": PAGE}
    items = urlencode({"bbox": ground.bounds, "limit": PAGE})
    whole = features(ground.page)
    paths = {
        FLOOR: f"/features?box={ground.bounds}&limit={PAGE}",
        KOOP: f"{_OTHERS[KOOP]}?{_query(asked)}",
        PYGEOAPI: f"{_OTHERS[PYGEOAPI]}?{items}&f=json",
        TIPG: f"{_OTHERS[TIPG]}?{items}&f=geojson",
    }
    own = {OURS: Request(ours, layer(**asked), whole), _PBF: Request(ours, layer(**asked, f="pbf"))}
    outcome = race({**own, **peers.asked(paths, whole)}, TIMES)
    name = f"FeatureServer, bbox, {ground.page:,} features"
    yield from outcome.entries(f"{name}, json", floor=(FLOOR, 1.5), peers={KOOP: 0.5, PYGEOAPI: 0.2, TIPG: 0.2})
    yield from _packed(outcome, f"{name}, pbf")


def _packed(outcome: Race, name: str) -> Iterator[Entry | Missing]:
    """Yield time and bytes of pbf beside those of JSON."""
    packed, json = outcome.took.get(_PBF), outcome.took.get(OURS)
    if packed and json:
        yield Entry(f"{name}, p50", packed.p50, "ms", peer=Beside("the same, json", json.p50, 0.67))
        yield Entry(f"{name}, size", packed.size / 1000, "kB", peer=Beside("the same, json", json.size / 1000, 0.5))


def _small(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield a page of 100, 100 ids, and the answers a second of either."""
    ids = ",".join(map(str, ground.ids))
    every = features(min(SMALL, ground.rows))
    questions = {
        f"{SMALL} features": ({"resultRecordCount": SMALL}, f"/features?limit={SMALL}"),
        f"{SMALL} objectIds": ({"objectIds": ids}, f"/features?ids={ids}"),
    }
    for name, (asked, bare) in questions.items():
        path = layer(**asked)
        outcome = race({OURS: Request(ours, path, every), **peers.asked({FLOOR: bare}, every)}, TIMES)
        yield from outcome.entries(f"FeatureServer, {name}", bar=10, floor=(FLOOR, None))
        if OURS in outcome.took:
            yield from _rate(f"FeatureServer, {name}, {_CLIENTS} clients at two workers", ours, path, peers, bare)


def _rate(name: str, ours: str, path: str, peers: Peers, bare: str) -> Iterator[Entry | Missing]:
    try:
        floor = throughput(peers.urls[FLOOR], [bare], _CLIENTS, _SECONDS) if FLOOR in peers.urls else None
        own = throughput(ours, [path], _CLIENTS, _SECONDS)
    except (CommandError, OSError) as error:
        yield Missing(name, str(error))
        return
    yield Entry(name, own, "requests/s", None if floor is None else Beside(FLOOR, floor), bar=_RATE, least=True)


def _items(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield what a page of OGC API Features takes that a filter in CQL2 chooses."""
    category = ground.categories[0].replace("'", "''")
    cql = f"{ground.table.category} = '{category}' AND {ground.table.time_field.name} IS NOT NULL"
    asked = urlencode({"filter": cql, "filter-lang": "cql2-text", "limit": _ITEMS})
    paths = {
        TIPG: f"{_OTHERS[TIPG]}?{asked}&f=geojson",
        PYGEOAPI: f"{_OTHERS[PYGEOAPI]}?{asked}&f=json",
    }
    page = features(min(_ITEMS, ground.in_categories[0]))
    outcome = race({OURS: Request(ours, f"{ITEMS}?{asked}", page), **peers.asked(paths, page)}, TIMES)
    yield from outcome.entries(f"OGC items, {_ITEMS:,} by a CQL2 filter", peers={TIPG: 0.33, PYGEOAPI: None})


def _query(parameters: dict[str, object]) -> str:
    return urlencode({"where": "1=1", "outFields": "*", "f": "json", **parameters})
