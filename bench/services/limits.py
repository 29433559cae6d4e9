"""The portal's limits, as the benchmark has them: one address may ask as often as it can."""

from __future__ import annotations

_AT_ONCE, _A_MINUTE = 10_000, 10_000_000
"""nginx takes up to 65,535 connections."""
OFF: dict[str, object] = {
    "ckanext.cpdi.limits.requests_per_second": _AT_ONCE,
    "ckanext.cpdi.limits.requests_at_once": _AT_ONCE,
    "ckanext.cpdi.limits.service_requests_per_second": _AT_ONCE,
    "ckanext.cpdi.limits.service_requests_at_once": _AT_ONCE,
    "ckanext.cpdi.limits.service_requests_per_minute": _A_MINUTE,
    "ckanext.cpdi.limits.connections": _AT_ONCE,
}
"""Settings."""
