"""Synthetic reports: the department's three series as PDFs, with an index, and with the faults of real ones.

In: a profile (agency, teams), the number of reports, a seed, the day before which all are published. Out: a folder or a
ZIP file with that many PDFs and an ``index.csv``. The same arguments give the same bytes, and a report does not depend
on the number of reports.

Every page says that it is synthetic, every id and every file begins with SAMPLE. Page 3 of each has a sentence with
three words that no other report has (``last_reports(…)[n].phrase``). The figures of a day are the same in all reports:
those of the year before stand in that year's own report. The faults, all of which occur in real series
(:mod:`ckanext.cpdi.sample.reports.schedule` distributes them):

- a week or month without a report;
- a corrected edition, ``_rev2``, some days after a first one with a wrong figure, which stays in the index; a figure
  that nobody corrects (:mod:`ckanext.cpdi.sample.reports.misprints`);
- a file name with another form of the date, and blanks; a report that says its period nowhere;
- a file that is no PDF but a page of a file server;
- a scanned page, which has no text;
- no structure for screen readers, before 2022 and now and then since;
- metadata of the word processor: author, title of another document, path of a file server;
- a comment, an attached spreadsheet;
- a name under a black bar, which covers the text and does not remove it; a name and a telephone number in the text;
- a month without events, and a figure whose prior one is 0.
"""

from ckanext.cpdi.sample.reports.schedule import SERIES, last_reports
from ckanext.cpdi.sample.reports.write import DEFAULT_END, INDEX, write_reports

__all__ = ["DEFAULT_END", "INDEX", "SERIES", "last_reports", "write_reports"]
