"""The limits for readers."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk


@dataclass(frozen=True)
class Limits:
    """The limits for one address, and for one question of an anonymous reader; each is ``ckanext.cpdi.limits.NAME``."""

    requests_per_second: int
    requests_at_once: int
    service_requests_per_second: int
    service_requests_at_once: int
    service_requests_per_minute: int
    connections: int
    api_connections: int
    streams: int
    chosen_rows: int
    spooled_rows: int
    question_bytes: int
    values: int
    words: int
    query_seconds: int
    error_reports_per_hour: int


def limits() -> Limits:
    """Return the limits of this site."""
    return Limits(
        requests_per_second=tk.config["ckanext.cpdi.limits.requests_per_second"],
        requests_at_once=tk.config["ckanext.cpdi.limits.requests_at_once"],
        service_requests_per_second=tk.config["ckanext.cpdi.limits.service_requests_per_second"],
        service_requests_at_once=tk.config["ckanext.cpdi.limits.service_requests_at_once"],
        service_requests_per_minute=tk.config["ckanext.cpdi.limits.service_requests_per_minute"],
        connections=tk.config["ckanext.cpdi.limits.connections"],
        api_connections=tk.config["ckanext.cpdi.limits.api_connections"],
        streams=tk.config["ckanext.cpdi.limits.streams"],
        chosen_rows=tk.config["ckanext.cpdi.limits.chosen_rows"],
        spooled_rows=tk.config["ckanext.cpdi.limits.spooled_rows"],
        question_bytes=tk.config["ckanext.cpdi.limits.question_bytes"],
        values=tk.config["ckanext.cpdi.limits.values"],
        words=tk.config["ckanext.cpdi.limits.words"],
        query_seconds=tk.config["ckanext.cpdi.limits.query_seconds"],
        error_reports_per_hour=tk.config["ckanext.cpdi.limits.error_reports_per_hour"],
    )
