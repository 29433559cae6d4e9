"""One search over everything that the portal has: datasets, pages of reports, help, places, kinds of records."""
