"""Writes nginx's configuration from scripts/nginx.conf.in: front_config.py RUN SOCKETS

The limits are those of the portal's settings: the defaults that config_declaration.yaml gives, and what the ini file
says instead. Needs PyYAML, which comes with CKAN. Environment: CKAN_INI, WEB_HOST, WEB_PORT, PROXIES.
"""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DECLARATION = ROOT / "ckanext/cpdi/config_declaration.yaml"
KEPT = (
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Content-Location",
    "Content-Security-Policy",
    "Cpdi-Version",
    "Cross-Origin-Resource-Policy",
    "Link",
    "Permissions-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
)
"""Headers of Python's answer that go with a file; nginx drops what is not said again."""


def main(run: str, sockets: str) -> None:
    """Write ``nginx.conf`` into the folder ``nginx`` of ``run``."""
    folder = Path(run) / "nginx"
    for name in ("body", "proxy", "unused"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "types").write_text("types {}\n", encoding="utf-8")
    text = (ROOT / "scripts/nginx.conf.in").read_text(encoding="utf-8")
    for name, value in values(Path(run), sockets).items():
        text = text.replace(f"@{name}@", value)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")


def values(run: Path, sockets: str) -> dict[str, str]:
    """Return what stands for each name between two ``@`` in the template."""
    setting = settings(Path(os.environ.get("CKAN_INI", run / "ckan.ini")))
    proxies = int(os.environ.get("PROXIES", "0"))
    at_once = int(setting["ckanext.cpdi.limits.requests_at_once"])
    return {
        "RUN": str(run),
        "SOCKETS": sockets,
        "USER": "user root;" if os.geteuid() == 0 else "",
        "LISTEN": f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{os.environ.get('WEB_PORT', '5000')}",
        "PROXIES": str(proxies),
        "FORWARDED_FOR": nth(proxies, r"[0-9a-fA-F.:]+"),
        "FORWARDED_PROTO": nth(proxies, r"https?"),
        "FORWARDED_HOST": nth(proxies, r"[\w.:\[\]-]+"),
        "SITE_URL": setting["ckan.site_url"].rstrip("/"),
        "FILES": setting["ckanext.cpdi.files_path"],
        "ACCEL": setting["ckanext.cpdi.accel"],
        "AT_ONCE": str(at_once),
        "WAITING": str(2 * at_once),
        "REQUESTS_PER_SECOND": setting["ckanext.cpdi.limits.requests_per_second"],
        "CONNECTIONS": setting["ckanext.cpdi.limits.connections"],
        "API_CONNECTIONS": setting["ckanext.cpdi.limits.api_connections"],
        "STREAMS": setting["ckanext.cpdi.limits.streams"],
        "KEPT": "\n            ".join(f"add_header {one} $upstream_http_{variable(one)};" for one in KEPT),
    }


def settings(ini: Path) -> dict[str, str]:
    """Return our settings with their defaults, and all that stands in the ini file."""
    declared = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    found = {one["key"]: str(one.get("default", "")) for group in declared["groups"] for one in group["options"]}
    parser = configparser.ConfigParser(defaults={"here": str(ini.parent)})
    parser.read(ini, encoding="utf-8")
    return {**found, **dict(parser["app:main"])}


def nth(proxies: int, value: str) -> str:
    """Return a line of a map that takes the ``proxies``-th ``value`` from the end of a list; none for no proxies."""
    return rf'"~(?:^|,)\s*(?<nth>{value})\s*(?:,[^,]*){{{proxies - 1}}}$" $nth;' if proxies else ""


def variable(header: str) -> str:
    """Return the header's name as nginx has it in a variable."""
    return header.lower().replace("-", "_")


if __name__ == "__main__":
    main(*sys.argv[1:])
