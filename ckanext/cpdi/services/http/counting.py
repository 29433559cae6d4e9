"""Counts requests by endpoint, method and status, and their seconds to the first byte: what ``/metrics`` shows.

No address, no filter and no name of a file is counted by, so that nothing of what somebody looked for is kept.
"""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

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


def begin(app: Flask) -> None:
    """Count the requests to ``app``."""
    app.before_request(_start)
    app.after_request(_count)


def _start() -> None:
    g.cpdi_came = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or _UNKNOWN
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(endpoint, method, str(response.status_code)).inc()
    came = g.get("cpdi_came")
    if came is not None:
        SECONDS.labels(endpoint).observe(time.perf_counter() - came)
    return response
