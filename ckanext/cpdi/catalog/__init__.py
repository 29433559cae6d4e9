"""CKAN's catalogue of the declared datasets: organization, metadata, resources.

In: declarations and the published versions of tables. Out: CKAN's packages, created once and updated after each run;
the staff's edits stay.
"""
