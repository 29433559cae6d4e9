"""CKAN's Atom feeds of datasets (``/feeds/…``), with whole addresses, pages of datasets, and the department as author.

CKAN's own have addresses without a host, which a reader of feeds cannot follow, and pages by fractions.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.feed import CKANFeed
from flask import request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.services.dcat.entries import page_of

_PAGE = "page"


class DatasetFeed(CKANFeed):
    """A feed of datasets."""

    def __init__(self, feed_title: str, feed_link: str, feed_description: str, **_: Any) -> None:  # noqa: ANN401, ARG002
        """Make a feed with the title and the description that CKAN gives it."""
        asked = request.query_string.decode("utf-8", "replace")
        own = addresses.url(request.path) + (f"?{asked}" if asked else "")
        super().__init__(
            feed_title,
            addresses.url("/dataset/"),
            feed_description,
            language=tk.h.lang(),
            author_name=config.profile().agency.name.get(tk.h.lang()),
            feed_guid=own,
            feed_url=own,
            previous_page=None,
            next_page=None,
            first_page=None,
            last_page=None,
        )

    def add_item(self, **item: Any) -> None:  # noqa: ANN401  what CKAN gives
        """Add a dataset, whose link is its page; the feed's author is its author."""
        for name in ("enclosure", "author_name", "author_email"):
            item.pop(name, None)
        item["link"] = item.pop(_PAGE)
        super().add_item(**item)


class DatasetFeeds:
    """Methods of IFeed."""

    def get_feed_class(self) -> type[DatasetFeed]:
        """Return what CKAN's feeds are made by."""
        return DatasetFeed

    def get_item_additional_fields(self, dataset_dict: dict[str, Any]) -> dict[str, Any]:
        """Return the page of a dataset, for its entry."""
        return {_PAGE: page_of(dataset_dict["name"])}
