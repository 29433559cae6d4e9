"""Places with many files of one kind: a folder, a ZIP, a web page of links, a catalogue.

In: a location. Out: its files one by one, each as a spool. Nothing of what a place says is trusted.
"""

from ckanext.cpdi.feeds.collections.entry import Entry
from ckanext.cpdi.feeds.collections.opening import open_collection

__all__ = ["Entry", "open_collection"]
