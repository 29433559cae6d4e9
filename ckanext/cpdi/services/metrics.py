"""``/metrics``: what the portal's processes count, in the text format of Prometheus, for those whom the operator names.

Beside the counts of requests (:mod:`.http.counting`) stand the rows of each table and when they were published. All
processes count into the folder ``PROMETHEUS_MULTIPROC_DIR`` (``scripts/pool``), so that any of them answers for all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from ckanext.cpdi import config
from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_metrics", __name__)


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
        with page_transaction(config.read_dsn()) as connection:
            return [(str(name), int(rows), float(at)) for name, rows, at in connection.execute(query)]
    except psycopg.Error:
        return []
