"""What can tell who somebody is: detectors of names, numbers and dates in the text of a page, a file a kind."""

from ckanext.cpdi.reports.detectors import birth_dates, emails, names, phones, plates
from ckanext.cpdi.reports.detectors.detector import Detector

DETECTORS: tuple[Detector, ...] = (
    Detector("name", names.find),
    Detector("phone", phones.find),
    Detector("plate", plates.find),
    Detector("birth_date", birth_dates.find),
    Detector("email", emails.find),
)

__all__ = ["DETECTORS", "Detector"]
