"""An article of the Help Center: a template in Markdown, which this portal's own names and addresses are put into.

A file ``NN-name.md`` begins with its title (``# …``) and one paragraph that sums it up. ``NN`` orders the articles; the
name is their address. What stands in ``{{ }}`` is text, and cannot become markup; ``code()`` puts an address or an
example into code as it is, ``text()`` a text into HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown import Markdown
from markupsafe import Markup, escape

LANGUAGES = ("en", "es")
_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+!|~-])|([<>&])")
_ELEMENT = re.compile(r"</?[a-z][^>]*>|<!--.*?-->")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


@dataclass(frozen=True)
class Article:
    """One article as it is shown: ``html`` without the title, ``text`` for searching, ``sections`` as id and title."""

    name: str
    title: str
    summary: str
    html: Markup
    text: str
    sections: tuple[tuple[str, str], ...]


def names() -> tuple[str, ...]:
    """Return the names of all articles in their order."""
    return tuple(_templates("en"))


def articles(context: Mapping[str, Any], language: str) -> tuple[Article, ...]:
    """Return all articles in their order, in ``language`` where there are any in it, else in English."""
    return tuple(render(name, context, language) for name in names())


def render(name: str, context: Mapping[str, Any], language: str) -> Article:
    """Return an article with what ``context`` says of this portal. Raises KeyError where there is none of that name."""
    template = _templates(language if language in LANGUAGES else "en")[name]
    return _convert(name, template.render(context))


def plain(value: object) -> str:
    """Return ``value`` so that Markdown shows it as it is; Markup stays."""
    if isinstance(value, Markup):
        return str(value)
    return _ACTIVE.sub(lambda match: f"\\{match[1]}" if match[1] else _ENTITIES[match[2]], str(value))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=plain, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.globals |= {"code": Markup, "text": escape}
    return environment


@lru_cache(maxsize=len(LANGUAGES))
def _templates(language: str) -> dict[str, Template]:
    """Return the articles of a language by name, in their order; a page asks for all, so they are compiled once."""
    folder = files("ckanext.cpdi.site.help") / "articles" / language
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".md")), key=lambda path: path.name)
    environment = _environment()
    return {path.name[3:-3]: environment.from_string(path.read_text(encoding="utf-8")) for path in paths}


@lru_cache(maxsize=256)
def _convert(name: str, text: str) -> Article:
    """Return the article that ``text`` is, in Markdown."""
    head, _, body = text.strip().partition("\n\n")
    summary, _, rest = body.partition("\n\n")
    converter = Markdown(extensions=["extra", "toc"], output_format="html")
    html = converter.convert(rest)
    sections = tuple((token["id"], token["name"]) for token in getattr(converter, "toc_tokens", ()))
    shown = Markup(html.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704  values were escaped when they came in
    title, lead = (_words(Markdown().convert(part)) for part in (head, summary))
    return Article(name, title, lead, shown, _words(html), sections)


def _words(html: str) -> str:
    """Return the text of ``html``."""
    return " ".join(unescape(_ELEMENT.sub(" ", html)).split())
