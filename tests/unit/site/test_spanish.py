"""Spanish words of templates and code: the catalog, or CKAN's own, has each text of every template, and is compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import ckan
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from helpers.said import marked, sentences

from ckanext.cpdi.pipeline.fault import UNEXPECTED, services
from ckanext.cpdi.reports import REASONS
from ckanext.cpdi.store.errors import WORDS as STORE

CPDI = Path(__file__).parents[3] / "ckanext" / "cpdi"
CATALOG = CPDI / "i18n" / "es" / "LC_MESSAGES" / "ckanext-cpdi.po"
CKANS = Path(ckan.__file__).parent / "i18n" / "es" / "LC_MESSAGES" / "ckan.mo"
SITE_PACKAGES = Path(ckan.__file__).parent.parent
OTHERS = [
    ("ckan/i18n/ckan.pot", ("ckan/", "ckanext/activity/", "ckanext/datastore/")),
    ("ckanext/harvest/i18n/ckanext-harvest.pot", ("ckanext/harvest/",)),
]
"""Catalogs of others, and the folders of those parts of them that this portal loads."""
MARKED = re.compile(r"""\b_\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\)""")
PLACES = re.compile(r"{\w+(?:!\w)?(?::[^}]*)?}")
COUNTED = re.compile(r"\bungettext\('([^']*)', '([^']*)'")


def texts(path: Path) -> set[str]:
    if path.suffix == ".py":
        return set(marked(path))
    return {single or double for single, double in MARKED.findall(path.read_text())}


def counted(path: Path) -> set[tuple[str, str]]:
    return set(COUNTED.findall(path.read_text()))


def read() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, "es")


PAGES = sorted(
    str(path.relative_to(CPDI))
    for path in (
        *CPDI.rglob("*.py"),
        *(CPDI / "templates").rglob("*.html"),
    )
    if texts(path)
)


@pytest.mark.parametrize("page", PAGES)
def test_each_text_of_a_page_has_a_spanish_one_with_the_same_places(page: str):
    catalog = read()
    with CKANS.open("rb") as file:
        ckans = gettext.GNUTranslations(file)
    for text in texts(CPDI / page):
        message = catalog.get(text)
        spanish = str(message.string) if message else ckans.gettext(text)
        assert message or spanish != text, text
        assert spanish, text
        assert re.findall(r"{\w*}", spanish) == re.findall(r"{\w*}", text)
    for text in counted(CPDI / page):
        message = catalog.get(text)
        assert message is not None, text
        assert [set(re.findall(r"{\w*}", form)) for form in message.string] == [set(re.findall(r"{\w*}", text[0]))] * 2


def test_pages_are_found():
    assert {"site/draft_pages.py", "templates/header.html", "templates/cpdi/ogc/items.html"} < set(PAGES)


@pytest.mark.parametrize(("pot", "parts"), OTHERS, ids=lambda value: Path(value).stem if isinstance(value, str) else "")
def test_what_ckan_and_its_extensions_say_in_english_alone_is_said_in_spanish(pot: str, parts: tuple[str, ...]):
    """Each text of theirs that this portal can show: CKAN 2.12 lacks 286 of 1,213, ckanext-harvest has no Spanish."""
    ours = read()
    with CKANS.with_suffix(".po").open("rb") as file:
        theirs = read_po(file, "es")
    with (SITE_PACKAGES / pot).open("rb") as file:
        shown = [message for message in read_po(file) if message.id and _is_shown(message, parts)]
    assert len(shown) > 100
    missing = [message.id for message in shown if not (_is_said(ours, message.id) or _is_said(theirs, message.id))]
    assert missing == []


def _is_shown(message: Message, parts: tuple[str, ...]) -> bool:
    return any(place.startswith(parts) for place, _ in message.locations)


def _is_said(catalog: Catalog, text: str | tuple[str, str]) -> bool:
    message = catalog.get(text if isinstance(text, str) else text[0])
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def test_the_catalog_is_compiled():
    written = [message for message in read() if message.id]
    with CATALOG.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in written:
        if isinstance(message.id, tuple):
            assert tuple(compiled.ngettext(*message.id, number) for number in (1, 2)) == tuple(message.string)
        else:
            assert compiled.gettext(message.id) == message.string


def test_what_questions_are_refused_with_is_said_in_spanish():
    """Each sentence that an error of a filter has, and the parts that it is made of, with the same places."""
    missing = missing_sentences("query", "selection", "services")
    assert missing == []


def test_what_a_run_fails_with_is_said_in_spanish():
    """What feeds, reports, store and services say to staff, and the parts that it is made of."""
    rooms = ("feeds", "rows", "reports", "store", "publish", "catalog", "pipeline")
    assert missing_sentences(*rooms) == []
    words = (*(words for _, words in STORE), *(words for _, words in services()), UNEXPECTED, *REASONS.values())
    assert [text for text in words if not _has_its_places(read(), text)] == []


def test_what_staff_are_refused_with_on_their_pages_is_said_in_spanish():
    assert missing_sentences("desk/reports.py", "desk/deny.py", "protect", "logic") == []


def test_what_is_wrong_with_a_harvest_source_is_said_in_spanish():
    """Its form, and what it repeats of the declarations: a name that is none, a time of day, a rule of syncing."""
    declared = ("declare/reading/nearest.py", "declare/clock.py", "declare/departments/profile.py")
    assert missing_sentences("jobs", "harvesters", "config/declarations.py", *declared) == []


def missing_sentences(*folders: str) -> list[str]:
    catalog = read()
    return [f"{place}: {text}" for place, text in sentences(*folders) if not _has_its_places(catalog, text)]


def _has_its_places(catalog: Catalog, text: str) -> bool:
    message = catalog.get(text)
    return message is not None and sorted(PLACES.findall(str(message.string))) == sorted(PLACES.findall(text))
