"""What can tell who somebody is, in the words of real reports, and what only looks like it. All names are invented."""

import pytest
from helpers.pdfs import examined, written

from ckanext.cpdi.reports.detectors import DETECTORS

FIND = {detector.kind: detector.find for detector in DETECTORS}


def seen(kind, text):
    return [text[first:last] for first, last in FIND[kind](text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Reviewed by Sgt. Q. Marrow, Team 2", ["Q. Marrow"]),
        ("Chief Wexley presented the figures", ["Wexley"]),
        ("Lt. de la Quilla and Capt Orla Pellwright", ["de la Quilla", "Orla Pellwright"]),
        ("Officer McTavender used a takedown", ["McTavender"]),
        ("Ms. Odetta Pellwright can be reached", ["Odetta Pellwright"]),
        ("Victim: Quill Marrow, 34", ["Quill Marrow"]),
        ("VICTIM: QUILL MARROW", ["QUILL MARROW"]),
        ("Victim: Marrow, Quill", ["Marrow, Quill"]),
        ("The suspect, identified as Quill J. Marrow, fled", ["Quill J. Marrow"]),
        ("suspect James Pellwright was arrested", ["James Pellwright"]),
        ("Complainant: Q. Pellwright", ["Q. Pellwright"]),
        ("PELLWRIGHT, JAMES A", ["PELLWRIGHT, JAMES A"]),
        ("Pellwright, Maria", ["Pellwright, Maria"]),
        ("the driver was Maria O'Quillan of no fixed address", ["Maria O'Quillan"]),
        ("La víctima: Lucía Quintavalle", ["Lucía Quintavalle"]),
        ("Sargento Quintavalle firma", ["Quintavalle"]),
        ("Maria Pellwright-Quist called", ["Maria Pellwright-Quist"]),
    ],
)
def test_names_are_found(text, names):
    assert seen("name", text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Offence Week Prior Change Burglary, Residential Theft from Motor Vehicle",
        "Aggravated Assault Motor Vehicle Theft Other Larceny Team 1 Team 2",
        "James Island and Daniel Island are in Team 4; Johns Island is not",
        "1200 block of Mary Street, George St and Thomas Dr. For the coming week",
        "Robert Quillmore Elementary School, Francis Marion Hotel",
        "Officer Involved Shooting; Officer Hurt; Subject Hurt; Detective Division",
        "Chief of Police, Deputy Sheriff, Major Crimes, Sergeant Rank",
        "Subject: Monthly Report. Victim: Adult Female. Suspect: Unknown Male",
        "Subject Hurt Officer Hurt Subject Race Officer Rank",
        "Use of Force Hands-on Control, Takedown, Taser Displayed",
        "Monday, March 18 to Sunday, March 24, 2024. Compstat Weekly Report",
        "Robbery, James Island Expressway",
        "Not Sustained, Exonerated, Unfounded, Policy Failure",
        "The officer for the week and the victims of larceny",
        "Driver License Checkpoint; Driver Impaired; Passenger Vehicle",
        "Charleston Police Department, Central Business District",
        "El Jefe de Policía presenta el informe",
    ],
)
def test_tables_of_offences_and_places_name_nobody(text):
    assert seen("name", text) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call 843-555-0142 now", ["843-555-0142"]),
        ("(843) 555-0142", ["(843) 555-0142"]),
        ("+1 843.555.0142", ["+1 843.555.0142"]),
        ("Phone: 8435550142", ["8435550142"]),
        ("Tel. 843 555 0142", ["843 555 0142"]),
        ("cell 555-0142", ["555-0142"]),
        ("teléfono: 843-555-0142", ["843-555-0142"]),
    ],
)
def test_telephone_numbers_are_found(text, numbers):
    assert seen("phone", text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Case 24-843-5550",
        "SAMPLE-RTR-202403-04 843 555 1234",
        "2024-555-1234",
        "843-555-01421",
        "1-800-555-0199",
        "calls 843 912 1204 1100",
        "03/24/2024 12:00",
        "555-0142",
        "8435550142",
    ],
)
def test_other_numbers_are_no_telephone_numbers(text):
    assert seen("phone", text) == []


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("License plate SC ABC-123", ["ABC-123"]),
        ("plate # QXJ 421 left", ["QXJ 421"]),
        ("tag QXJ421", ["QXJ421"]),
        ("SC tag number: 4417QX", ["4417QX"]),
        ("placa QXJ421", ["QXJ421"]),
        ("license plate 884213", ["884213"]),
    ],
)
def test_plates_are_found(text, plates):
    assert seen("plate", text) == plates


@pytest.mark.parametrize(
    "text", ["plates 12 11 9%", "tag 2024", "License plate theft 14", "QXJ421", "Plate glass", "tags"]
)
def test_other_words_are_no_plates(text):
    assert seen("plate", text) == []


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("DOB: 03/04/1980", ["03/04/1980"]),
        ("D.O.B. 3-4-80", ["3-4-80"]),
        ("date of birth March 4, 1980", ["March 4, 1980"]),
        ("born on 1980-03-04", ["1980-03-04"]),
        ("nacida el 4 de marzo de 1980", ["4 de marzo de 1980"]),
        ("Fecha de nacimiento: 04/03/1980", ["04/03/1980"]),
    ],
)
def test_dates_of_birth_are_found(text, dates):
    assert seen("birth_date", text) == dates


@pytest.mark.parametrize("text", ["published March 26, 2024", "03/04/1980", "born in Charleston", "Week of 03/18/2024"])
def test_other_dates_are_none_of_birth(text):
    assert seen("birth_date", text) == []


def test_addresses_of_mail_are_found():
    assert seen("email", "write to q.marrow+pd@example.gov, or @example and a@b") == ["q.marrow+pd@example.gov"]


def test_each_holds_a_report_with_its_place(tmp_path):
    text = ["Victim: Quill Marrow, DOB 03/04/1980", "tag QXJ421, 843-555-0142, q@example.gov"]
    result = examined(written(tmp_path / "report.pdf", ["Larceny 12"], text))
    held = {item.kind: item for item in result.findings if item.holds}
    assert {kind: (item.page, item.excerpt) for kind, item in held.items()} == {
        "name": (2, "Quill Marrow,"),
        "birth_date": (2, "03/04/1980"),
        "plate": (2, "QXJ421,"),
        "phone": (2, "843-555-0142,"),
        "email": (2, "q@example.gov"),
    }
    lines = [word.box for word in result.pages[1].words if word.text in ("Quill", "QXJ421,")]
    assert held["name"].box[:2] == lines[0][:2]
    assert held["plate"].box == lines[1]


def test_what_the_department_publishes_of_itself_is_no_finding(tmp_path):
    report = written(tmp_path / "report.pdf", ["Questions? Call 843.555.0142 or desk@example.gov", "Chief Wexley"])
    known = ("(843) 555-0142", "DESK@example.gov", "Wexley")
    assert not examined(report, known=known).holds
    assert examined(report).holds


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        (["The number of larcenies in the city is down for the week, and that of burglaries is not."] * 2, "en"),
        (
            ["El número de robos en la ciudad ha bajado con respecto a la semana anterior, y el de los hurtos no."] * 2,
            "es",
        ),
        (["12 14 9", "Team 1"], ""),
    ],
)
def test_the_language_is_that_of_the_text(tmp_path, lines, language):
    assert examined(written(tmp_path / "report.pdf", lines)).language == language
