"""The operator's settings of fetching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.cpdi.feeds.files.spool import DEFAULT_LIMIT


@dataclass(frozen=True)
class FetchSettings:
    """How feeds are fetched.

    ``spool_dir`` takes the spool files, ``drop_dir`` is where ``drop:NAME`` looks. ``allowed_hosts`` are the hosts, as
    ``host`` or ``host:port``, that may have an address inside the operator's network. ``max_bytes`` caps a feed, packed
    and unpacked; ``deadline_seconds`` is for everything from the first look-up to the last byte, retries included.
    ``access`` is the source's entry in the operator's credentials file; each protocol has its own fields. ``attempts``
    and ``backoff_seconds`` say how often and after how long a transient fault is retried; ``ca_file`` is a certificate
    authority of the operator's own.
    """

    spool_dir: Path
    drop_dir: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    max_bytes: int = DEFAULT_LIMIT
    deadline_seconds: float = 900.0
    access: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
    attempts: int = 5
    backoff_seconds: float = 0.5
    ca_file: Path | None = None
