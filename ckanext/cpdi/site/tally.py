"""Counts in Redis how often somebody did something lately, under keyed hashes: no address stands there."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ckanext.cpdi import config


def keyed(text: str) -> str:
    """Return a hash of ``text`` that nobody can make without the portal's key."""
    return hmac.new(config.secret(), text.encode(), hashlib.sha256).hexdigest()


def count(kind: str, part: str, seconds: int) -> int:
    """Add 1 to the tries of a ``kind`` by ``part``, such as an address; return how many there are.

    They are forgotten ``seconds`` after the first of them. Raises RedisError where Redis is away.
    """
    redis, key = connect_to_redis(), _key(kind, part)
    tries: Any = redis.incr(key)
    if tries == 1:
        redis.expire(key, seconds)
    return int(tries)


def forget(kind: str, part: str) -> None:
    """Forget the tries of ``part``. Raises RedisError where Redis is away."""
    connect_to_redis().delete(_key(kind, part))


def _key(kind: str, part: str) -> str:
    return f"cpdi:{tk.config['ckan.site_id']}:tries:{kind}:{keyed(part)}"
