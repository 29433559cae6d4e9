"""The explorer: its counts and pages of rows by HTTP, its page in a browser, and CKAN's own views of the same table."""
