"""One reader a format; ``feeds.reader`` picks the one that fits a feed's content."""
