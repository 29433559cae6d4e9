"""What CKAN's catalogue says of a declared dataset: its organization, its metadata, its resources.

In: declarations and what the store publishes. Out: CKAN's packages, made once and kept fresh, with the staff's edits
left as they are.
"""
