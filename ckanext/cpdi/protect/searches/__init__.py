"""Searches of rows by CKAN's API: which parameters are read, which words are found, what a total costs."""
