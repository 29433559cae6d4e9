"""What periods are called: months by their names, weeks by their days, across months and years."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.cpdi.site.reports.titles import period_title, short_title

MARCH = (date(2024, 3, 1), date(2024, 3, 31))
WEEK = (date(2024, 3, 18), date(2024, 3, 24))
TWO_MONTHS = (date(2024, 10, 28), date(2024, 11, 3))
TWO_YEARS = (date(2024, 12, 30), date(2025, 1, 5))
QUARTER = (date(2024, 1, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        (MARCH, "March 2024", "marzo de 2024"),
        (WEEK, "Week of 18–24 Mar 2024", "Semana del 18 al 24 de marzo de 2024"),
        (TWO_MONTHS, "Week of 28 Oct – 3 Nov 2024", "Semana del 28 de octubre al 3 de noviembre de 2024"),
        (TWO_YEARS, "Week of 30 Dec 2024 – 5 Jan 2025", "Semana del 30 de diciembre de 2024 al 5 de enero de 2025"),
        (QUARTER, "1 Jan – 31 Mar 2024", "1 de enero al 31 de marzo de 2024"),
        ((date(2024, 2, 1), date(2024, 2, 29)), "February 2024", "febrero de 2024"),
        ((date(2024, 2, 1), date(2024, 2, 28)), "1–28 Feb 2024", "1 al 28 de febrero de 2024"),
    ],
)
def test_a_period_has_its_title(period, english, spanish):
    assert (period_title(*period, "en"), period_title(*period, "es")) == (english, spanish)


@pytest.mark.parametrize(
    ("period", "english", "spanish"),
    [
        (MARCH, "March", "Marzo"),
        (WEEK, "18–24 Mar", "18–24 mar"),
        (TWO_MONTHS, "28 Oct – 3 Nov", "28 oct – 3 nov"),
        (TWO_YEARS, "30 Dec 2024 – 5 Jan", "30 dic 2024 – 5 ene"),
    ],
)
def test_in_the_list_of_its_year_it_is_short(period, english, spanish):
    assert (short_title(*period, "en"), short_title(*period, "es")) == (english, spanish)
