"""Spanish words of templates: the catalog has each text of the pages of drafts and of the frame, and is compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CPDI = Path(__file__).parents[3] / "ckanext" / "cpdi"
CATALOG = CPDI / "i18n" / "es" / "LC_MESSAGES" / "ckanext-cpdi.po"
PAGES = ["templates/cpdi/draft.html", "site/draft_pages.py", "templates/header.html", "templates/footer.html"]
MARKED = re.compile(r"""\b_\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\)""")


def texts(path: Path) -> set[str]:
    return {single or double for single, double in MARKED.findall(path.read_text())}


@pytest.mark.parametrize("page", PAGES)
def test_each_text_of_a_page_has_a_spanish_one_with_the_same_places(page: str):
    with CATALOG.open("rb") as file:
        catalog = read_po(file, "es")
    marked = texts(CPDI / page)
    assert marked
    for text in marked:
        message = catalog.get(text)
        assert message is not None, text
        assert message.string, text
        assert re.findall(r"{\w*}", str(message.string)) == re.findall(r"{\w*}", text)


def test_the_catalog_is_compiled():
    with CATALOG.open("rb") as file:
        written = {str(message.id): str(message.string) for message in read_po(file, "es") if message.id}
    with CATALOG.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in written} == written
