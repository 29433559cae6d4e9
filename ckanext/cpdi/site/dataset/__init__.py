"""Parts of a dataset's page: dictionary, downloads, freshness, frozen years, the change log."""
