"""The newest file of the drop folder whose name fits: ``newest:calls-*.csv``."""

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.protocol import Protocol
from ckanext.cpdi.feeds.protocols import protocols


class Newest(Protocol):
    name = "newest"
    example = "newest:calls-*.csv"

    def takes(self, location):
        return location.startswith("newest:")

    def check(self, location):
        if "/" in location or not location.removeprefix("newest:"):
            raise FeedError("refused", "newest: is followed by a pattern without a folder, such as newest:calls-*.csv")

    def fetch(self, location, settings, previous):
        folder, pattern = settings.drop_dir, location.removeprefix("newest:")
        files = [path for path in folder.glob(pattern) if path.is_file()] if folder else []
        if not files:
            raise FeedError("missing", "No file of the drop folder has a name that fits.")
        newest = max(files, key=lambda path: path.stat().st_mtime_ns)
        return protocols()["drop"].fetch(f"drop:{newest.name}", settings, previous)
