"""Writes nginx's configuration from scripts/nginx.conf.in: front_config.py FOLDER SOCKETS

The limits are those of the portal's settings: the defaults that config_declaration.yaml gives, and what the ini file
says instead. Where there is none, as in a container that may have no secret, its template is read. Needs PyYAML, which
comes with CKAN. Environment: CKAN_INI, WEB_HOST, WEB_PORT, PROXIES, and SITE_URL and CPDI_DATA for the template.
"""

from __future__ import annotations

import configparser
import html
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
    "Content-Encoding",
    "Content-Location",
    "Content-Security-Policy",
    "Cpdi-Version",
    "Cross-Origin-Resource-Policy",
    "Link",
    "Permissions-Policy",
    "Referrer-Policy",
    "Strict-Transport-Security",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
)
"""Headers of Python's answer that go with a file; nginx drops what is not said again."""

LANGUAGES = ("en", "es")
"""Those of the sentences in the template."""
LIMITS = (
    "REQUESTS_PER_SECOND",
    "SERVICE_REQUESTS_PER_SECOND",
    "SERVICE_REQUESTS_AT_ONCE",
    "CONNECTIONS",
    "API_CONNECTIONS",
    "STREAMS",
)


def main(folder: str, sockets: str) -> None:
    """Write ``nginx.conf`` into ``folder``, and make the folders that it names."""
    for name in ("body", "proxy", "unused", "cache", "parts"):
        (Path(folder) / name).mkdir(parents=True, exist_ok=True)
    text = (ROOT / "scripts/nginx.conf.in").read_text(encoding="utf-8")
    for name, value in values(folder, sockets, settings(Path(os.environ["CKAN_INI"]))).items():
        text = text.replace(f"@{name}@", value)
    (Path(folder) / "nginx.conf").write_text(text, encoding="utf-8")


def values(folder: str, sockets: str, setting: dict[str, str]) -> dict[str, str]:
    """Return what stands for each name between two ``@`` in the template."""
    proxies = int(os.environ.get("PROXIES", "0"))
    language = setting.get("ckan.locale_default", "")[:2]
    language = language if language in LANGUAGES else LANGUAGES[0]
    at_once = int(setting["ckanext.cpdi.limits.requests_at_once"])
    return {
        "WORK": folder,
        "SOCKETS": sockets,
        "USER": "user root;" if os.geteuid() == 0 else "",
        "LISTEN": f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{os.environ.get('WEB_PORT', '5000')}",
        "PROXIES": str(proxies),
        "FORWARDED_FOR": nth(proxies, r"[0-9a-fA-F.:]+"),
        "FORWARDED_PROTO": nth(proxies, r"https?"),
        "FORWARDED_HOST": nth(proxies, r"[\w.:\[\]-]+"),
        "REFUSED": (ROOT / "scripts/refused.html.in").read_text(encoding="utf-8"),
        "SITE_TITLE": literal(setting["ckan.site_title"]),
        "SITE_URL": setting["ckan.site_url"].rstrip("/"),
        "LOCALE": language,
        **{one.upper(): "" if one == language else f"/{one}" for one in LANGUAGES},
        "FILES": setting["ckanext.cpdi.files_path"],
        "ACCEL": setting["ckanext.cpdi.accel"],
        "AT_ONCE": str(at_once),
        "WAITING": str(2 * at_once),
        **{one: setting[f"ckanext.cpdi.limits.{one.lower()}"] for one in LIMITS},
        "KEPT": "\n            ".join(f"add_header {one} $upstream_http_{variable(one)};" for one in KEPT),
    }


def settings(ini: Path) -> dict[str, str]:
    """Return our settings with their defaults, and all that stands in the ini file."""
    declared = yaml.safe_load(DECLARATION.read_text(encoding="utf-8"))
    found = {one["key"]: str(one.get("default", "")) for group in declared["groups"] for one in group["options"]}
    parser = configparser.ConfigParser(defaults={"here": str(ini.parent)})
    parser.read_string(ini.read_text(encoding="utf-8") if ini.exists() else template())
    return {**found, **dict(parser["app:main"])}


def template() -> str:
    """Return the ini file's template, with what is no secret."""
    text = (ROOT / "scripts/ckan.ini.in").read_text(encoding="utf-8")
    for name, value in (("SITE_URL", os.environ.get("SITE_URL", "")), ("DATA", os.environ.get("CPDI_DATA", ""))):
        text = text.replace(f"@{name}@", value.replace("%", "%%"))
    return text


def nth(proxies: int, value: str) -> str:
    """Return a line of a map that takes the ``proxies``-th ``value`` from the end of a list; none for no proxies."""
    return rf'"~(?:^|,)\s*(?<nth>{value})\s*(?:,[^,]*){{{proxies - 1}}}$" $nth;' if proxies else ""


def literal(text: str) -> str:
    """Return ``text`` for a page that stands in quotes in the configuration, where ``$`` and ``\\`` would be read."""
    return html.escape(text).replace("$", "&#36;").replace("\\", "&#92;")


def variable(header: str) -> str:
    """Return the header's name as nginx has it in a variable."""
    return header.lower().replace("-", "_")


if __name__ == "__main__":
    main(*sys.argv[1:])
