"""Which row is which: keys, fingerprints, what the table knows already, numbers that datasets share."""
