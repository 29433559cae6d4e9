"""What people see: home, Help Center, run status, dataset pages and the staff's forms.

In: declarations, the profile, the store's public views, the shelf of files and CKAN's packages. Out: view models that
templates only print, so that every sentence and number of a page can be tested without a browser.
"""
