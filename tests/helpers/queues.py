"""The harvest queues of the tests in Redis."""

from __future__ import annotations

import json


def purge() -> None:
    """Empty both queues."""
    from ckanext.harvest import queue

    connection = queue.get_connection()
    for key in (queue.get_gather_routing_key(), queue.get_fetch_routing_key()):
        connection.delete(key, *connection.scan_iter(f"{key}:*"))


def waiting() -> dict[str, list[str]]:
    """The ids that wait, by queue: ``gather`` (jobs) and ``fetch`` (objects)."""
    from ckanext.harvest import queue

    connection = queue.get_connection()
    keys = {"gather": queue.get_gather_routing_key(), "fetch": queue.get_fetch_routing_key()}
    return {
        name: [next(iter(json.loads(body).values())) for body in connection.lrange(key, 0, -1)]
        for name, key in keys.items()
    }
