"""The operator's base map below the portal's own: its settings, checked and typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

import ckan.plugins.toolkit as tk

from ckanext.cpdi.config.errors import SettingError

_KEY = "ckanext.cpdi.base_map"
_ADDRESS = re.compile(r"[!#-&(-+\--:=?-~]+", re.ASCII)
"""Characters of an address: no space, quote, comma, semicolon or angle bracket, which mean something in a header."""
_HOST = re.compile(r"(?!-)[a-z0-9.-]{1,253}", re.ASCII)
_PMTILES = ".pmtiles"


@dataclass(frozen=True)
class BaseMap:
    """A style of MapLibre's or a PMTiles file, at ``address``; ``origin`` is empty where that is the portal's own.

    ``attribution`` is whom to name for it; empty where style or file say so themselves.
    """

    kind: Literal["style", "pmtiles"]
    address: str
    origin: str
    attribution: str


def base_map() -> BaseMap | None:
    """Return the base map; None without one. Raises SettingError for an address that no reader could load it from."""
    address = tk.config["ckanext.cpdi.base_map"].strip()
    if not address:
        return None
    if not _ADDRESS.fullmatch(address):
        raise SettingError(f"{_KEY}: the address has a space, comma or other character that is written as %XX")
    parts = urlsplit(address)
    return BaseMap(
        kind="pmtiles" if parts.path.endswith(_PMTILES) else "style",
        address=address,
        origin=_origin(parts),
        attribution=tk.config["ckanext.cpdi.base_map_attribution"].strip(),
    )


def _origin(parts: SplitResult) -> str:
    """Return scheme, host and port of another site; empty for a path on the portal's own host."""
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return ""
    portal = urlsplit(tk.config["ckan.site_url"])
    if parts.scheme != "https" and not (parts.scheme == portal.scheme == "http"):
        raise SettingError(
            f"{_KEY}: write an address that begins with https://, of a style (JSON) or of a file whose name ends in"
            f" {_PMTILES}; or a path on this host that begins with /"
        )
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SettingError(f"{_KEY}: the port of the address is no number") from None
    if parts.username is not None or not _HOST.fullmatch(host):
        raise SettingError(
            f"{_KEY}: between // and the next / stand a host in ASCII (xn--… for other letters), perhaps a port"
        )
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    return "" if origin == f"{portal.scheme}://{portal.netloc}" else origin
