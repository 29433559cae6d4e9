"""``/metrics``: what the portal's processes count, in the text format of Prometheus, for those whom the operator names.

Counted are requests by endpoint, method and status, and their seconds to the first byte; no address, no filter, no name
of a file. Beside them stand the rows of each table and when they were published. All processes count into the folder
``PROMETHEUS_MULTIPROC_DIR`` (``scripts/pool``), so that any of them answers for all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psycopg
from flask import Blueprint, Response, abort, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from ckanext.cpdi import config
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_metrics", __name__)

REQUESTS = Counter("cpdi_requests_total", "Requests that were answered.", ("endpoint", "method", "status"))
SECONDS = Histogram(
    "cpdi_request_seconds",
    "Seconds to the first byte of an answer.",
    ("endpoint",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_UNKNOWN = "none"
"""The endpoint of addresses that there are not, whatever they are."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Tables(Collector):
    """The rows of each table that everybody sees, and when they were published."""

    def collect(self) -> Iterator[Metric]:
        """Yield both; nothing where the database does not answer."""
        rows = GaugeMetricFamily("cpdi_table_rows", "Published rows of a table.", labels=["table"])
        published = GaugeMetricFamily(
            "cpdi_table_published_timestamp_seconds", "When the version of a table was published.", labels=["table"]
        )
        for name, count, at in _tables():
            rows.add_metric([name], count)
            published.add_metric([name], at)
        yield from (rows, published)


@blueprint.before_app_request
def start() -> None:
    """Note when the request came."""
    g.cpdi_came = time.perf_counter()


@blueprint.after_app_request
def count(response: Response) -> Response:
    """Count the answer."""
    endpoint = request.endpoint or _UNKNOWN
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
    came = g.get("cpdi_came")
    if came is not None:
        SECONDS.labels(endpoint).observe(time.perf_counter() - came)
    return response


@blueprint.get("/metrics")
def show() -> Response:
    """Answer with what was counted; 404 for addresses that are not to see it."""
    if request.remote_addr not in config.metrics_for():
        abort(404)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    tables = CollectorRegistry()
    tables.register(Tables())
    content = generate_latest(registry) + generate_latest(tables)
    response = Response(content)
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return cache(response, 0)


def _tables() -> list[tuple[str, int, float]]:
    query = "SELECT dataset, rows::bigint, extract(epoch FROM published_at) FROM public._cpdi_version ORDER BY 1"
    try:
        with psycopg.connect(config.read_dsn(), connect_timeout=3) as connection:
            return [(str(name), int(rows), float(at)) for name, rows, at in connection.execute(query)]
    except psycopg.Error:
        return []
