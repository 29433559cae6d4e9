"""A first profile of a real export: what is proposed, what it rests on, and what is never written down."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exports import KINDS, NAMES, SECRET, calls, decisions, drafted, library, loaded, shipped, text

from ckanext.cpdi.drafting.check import effect_of
from ckanext.cpdi.drafting.draft import Department, draft
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.values.precedents import Precedents

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge(path: Path, privacy: str = "") -> None:
    """Write the proposed class, or ``privacy``, into each line of a code list."""
    rows = [{**row, "class": privacy or row["proposed"]} for row in lines(path)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def test_a_plain_export_gives_a_profile_that_reads_it(tmp_path: Path):
    made, path = drafted(tmp_path / "calls.csv", text(*calls()))
    feed = loaded(path).feed("calls-for-service")
    assert [feed.dataset.name for feed in made.feeds] == ["calls-for-service"]
    assert feed.headers["incident_number"] == ("Incident_Number",)
    assert feed.headers["problem"] == ("Problem",)
    assert feed.times.reading == "local"
    assert feed.coordinates.reading == "degrees"
    assert loaded(path).time_zone == "America/New_York"


def test_nothing_is_published_until_somebody_judged(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(*calls()))
    dataset = library().dataset("calls-for-service")
    before = effect_of((tmp_path / "calls.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert (before.published, before.withheld) == (0, {("unmapped_value", "problem"): 1200})
    assert set(before.unjudged["problem"]) == set(KINDS)
    judge(path.parent / "quillport" / "problem.csv")
    after = effect_of((tmp_path / "calls.csv",), dataset, loaded(path), SECRET, None, NOW)
    unknown = sum(row["proposed"] == "withheld" for row in lines(path.parent / "quillport" / "problem.csv"))
    assert after.unjudged == {}
    assert unknown == 1  # Zzyx Detail, which is like nothing
    assert after.rows == 1200 == after.published + sum(after.withheld.values())
    assert set(after.withheld) <= {("withheld_class", ""), ("embargo", "")}
    assert after.published > 900


def test_classes_are_proposed_by_what_was_judged_before(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(*calls()))
    proposed = {
        row["value"]: (row["proposed"], row["class"]) for row in lines(path.parent / "quillport" / "problem.csv")
    }
    assert proposed["Traffic Stop"] == ("open", "")
    assert proposed["Domestic Disturbance"] == ("sensitive", "")
    assert proposed["Warrant Service"] == ("operational", "")
    assert proposed["Zzyx Detail"] == ("withheld", "")


def test_state_plane_feet_are_found_by_the_state(tmp_path: Path):
    made, path = drafted(tmp_path / "calls.csv", text(*calls(epsg=2273)))
    feed = loaded(path).feed("calls-for-service")
    assert (feed.coordinates.reading, feed.coordinates.epsg) == ("projected", 2273)
    points = made.feeds[0].points
    assert points is not None
    assert points.share == 1.0
    # The boundary is a box around the points, and holds none of them: it is rounded.
    west, south, east, north = made.ground.bounds
    assert (round(west, 2), round(south, 2)) == (west, south)
    assert -79.99 <= west < east <= -79.89
    assert 32.74 <= south < north <= 32.84


def test_tritech_and_exchanged_columns(tmp_path: Path):
    header, rows = calls()
    scaled = [[*row[:4], f"{abs(float(str(row[4]))) * 1e6:.0f}", f"{float(str(row[5])) * 1e6:.0f}"] for row in rows]
    _, path = drafted(tmp_path / "scaled.csv", text(header, scaled))
    assert loaded(path).feed("calls-for-service").coordinates.reading == "tritech"
    (tmp_path / "other").mkdir()
    swapped = [[*row[:4], row[5], row[4]] for row in rows]
    _, path = drafted(tmp_path / "other" / "swapped.csv", text(header, swapped))
    feed = loaded(path).feed("calls-for-service")
    assert (feed.headers["x"], feed.headers["y"]) == (("Y",), ("X",))


@pytest.mark.parametrize(
    ("stamp", "reading"),
    [
        (lambda time: f"{time:%m/%d/%Y %I:%M:%S %p}", "local"),
        (lambda time: f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", "local"),
        (lambda time: f"{time:%Y-%m-%dT%H:%M:%S}Z", "utc_is_local"),
        (lambda time: f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}", "utc"),
        (lambda time: str(int(time.timestamp() * 1000)), "local"),
    ],
)
def test_the_hours_of_the_day_tell_the_zone(tmp_path: Path, stamp, reading: str):
    _, path = drafted(tmp_path / "calls.csv", text(*calls(4000, stamp)))
    assert loaded(path).feed("calls-for-service").times.reading == reading


def test_a_column_that_says_the_hour_is_believed(tmp_path: Path):
    header, rows = calls(300, lambda time: f"{time:%Y-%m-%dT%H:%M:%S}Z")
    hours = [[*row, f"{datetime.fromisoformat(str(row[1])):%I %p}".lstrip("0").lower()] for row in rows]
    made, _ = drafted(tmp_path / "calls.csv", text([*header, "Hour"], hours))
    assert made.feeds[0].times.reading == "utc_is_local"
    assert "Hour" in made.feeds[0].times.reasons[-1]


@pytest.mark.parametrize(
    ("pattern", "formats", "dates"),
    [
        ("%d-%b-%y %H:%M", ("%d-%b-%y %H:%M",), ()),
        ("%m/%d/%y %H:%M", ("%m/%d/%y %H:%M",), ()),
        ("%d/%m/%Y %H:%M", ("%d/%m/%Y %H:%M",), ()),
        ("%Y-%m-%d 00:00:00", (), ("call_datetime",)),
        ("%m/%d/%Y", (), ()),
    ],
)
def test_patterns_of_times(tmp_path: Path, pattern: str, formats: tuple[str, ...], dates: tuple[str, ...]):
    _, path = drafted(tmp_path / "calls.csv", text(*calls(stamp=lambda time: time.strftime(pattern))))
    times = loaded(path).feed("calls-for-service").times
    assert (times.formats, times.dates) == (formats, dates)


def test_names_free_text_and_rare_values_are_written_nowhere(tmp_path: Path):
    header, rows = calls()
    secret = ["Planted Secret Value", "843-555-0147"]
    persons = [
        [
            *row,
            NAMES[at % 5],
            f"843-555-0{100 + at % 900:03}",
            f"Caller no. {at} saw a blue car",
            "Y" if at % 9 else "N",
        ]
        for at, row in enumerate(rows)
    ]
    persons[3][2], persons[4][2] = secret
    persons[5][2] = persons[6][2] = "Avery Quill residence, James Island"
    made, path = drafted(tmp_path / "calls.csv", text([*header, "Caller_Name", "Phone", "Remarks", "DV_Flag"], persons))
    written = "".join(file.read_text(encoding="utf-8") for file in path.parent.rglob("*") if file.is_file())
    written += "\n".join(decisions(made))
    for planted in (*secret, *NAMES, "843-555", "blue car", "James Island", "25-000001"):
        assert planted not in written, planted
    assert any("3 more values of Problem, of 4 rows" in question for question in decisions(made))
    flag = loaded(path).feed("calls-for-service").flags[0]
    assert (flag.header, flag.values) == ("DV_Flag", {"Y": "", "N": "", "": ""})


def test_a_problem_that_is_free_text_gets_no_list(tmp_path: Path):
    header, rows = calls()
    typed = [[*row[:2], f"{row[2]} near house {at}", *row[3:]] for at, row in enumerate(rows)]
    made, path = drafted(tmp_path / "calls.csv", text(header, typed))
    assert lines(path.parent / "quillport" / "problem.csv") == []
    assert any("holds no codes but texts" in question for question in decisions(made))


def test_a_usual_name_over_other_contents_is_put_away(tmp_path: Path):
    header, rows = calls()
    made, path = drafted(tmp_path / "calls.csv", text([*header, "Closed"], [[*row, "Y"] for row in rows]))
    assert loaded(path).feed("calls-for-service").ignored == ("Closed",)
    assert any("Closed has the usual name of closed_datetime" in question for question in decisions(made))


def test_other_names_and_semicolons_and_windows_1252(tmp_path: Path):
    _, rows = calls(stamp=lambda time: f"{time:%m/%d/%Y %H:%M}")
    other = ["Event No", "Received Date/Time", "Nature of Call", "Común Location", "POINT_X", "POINT_Y"]
    accented = [[*row[:3], f"{row[3]} Peñón", *row[4:]] for row in rows]
    made, path = drafted(tmp_path / "calls.csv", text(other, accented, ";"), encoding="cp1252")
    feed = loaded(path).feed("calls-for-service")
    assert {name: headers[0] for name, headers in feed.headers.items()} == {
        "incident_number": "Event No",
        "call_datetime": "Received Date/Time",
        "problem": "Nature of Call",
        "address": "Común Location",
        "x": "POINT_X",
        "y": "POINT_Y",
    }
    assert "semicolons between cells, in Windows-1252" in path.read_text(encoding="utf-8")
    assert any("Event No for incident_number" in question for question in decisions(made))


def test_a_key_that_comes_again_is_told(tmp_path: Path):
    header, rows = calls(300)
    twice = [[*row, officer] for row in rows for officer in ("U1", "U2")]
    made, _ = drafted(tmp_path / "calls.csv", text([*header, "Unit_ID"], twice))
    assert made.feeds[0].key.columns == ("Incident_Number", "Unit_ID")
    assert made.feeds[0].key.repeats == 300


def test_a_file_without_a_header_line_is_refused_without_a_cell_of_it(tmp_path: Path):
    _, rows = calls(20)
    path = tmp_path / "calls.csv"
    path.write_text(text([str(cell) for cell in rows[0]], rows[1:]))
    with pytest.raises(DraftError, match="no line with the names of its columns") as refusal:
        draft([path], library(), (), Department())
    assert "25-0" not in str(refusal.value)


def test_what_is_like_no_dataset_is_refused(tmp_path: Path):
    path = tmp_path / "other.csv"
    path.write_text("Flavour,Price\nVanilla,3\nLemon,4\n")
    with pytest.raises(DraftError, match="is like none of the datasets"):
        draft([path], library(), (), Department())


def test_what_is_there_already_is_not_written_over(tmp_path: Path):
    drafted(tmp_path / "calls.csv", text(*calls(100)))
    with pytest.raises(DraftError, match="is there already"):
        drafted(tmp_path / "calls.csv", text(*calls(100)))


def test_rows_that_are_shown_are_masked(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(*calls()))
    judge(path.parent / "quillport" / "problem.csv", "sensitive")
    effect = effect_of(
        (tmp_path / "calls.csv",), library().dataset("calls-for-service"), loaded(path), SECRET, None, NOW
    )
    assert len(effect.sample) == 4  # of one set of classes
    for row in effect.sample:
        assert row["incident_number"].startswith("K")
        assert row["time_precision"] == "month"
        assert not row.keys() & {"block_address", "latitude", "problem"}
    assert effect.has_places is False


def test_two_files_of_one_dataset_are_taken_together(tmp_path: Path):
    header, rows = calls(400)
    for name, part in (("a.csv", rows[:150]), ("b.csv", rows[150:])):
        (tmp_path / name).write_text(text(header, part))
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    made = draft(paths, library(), (), Department(city="Quillport", state="SC"))
    assert [(feed.files, feed.contents.rows) for feed in made.feeds] == [(("a.csv", "b.csv"), 400)]


def test_what_is_not_judged_is_told_of_every_column(tmp_path: Path):
    header, rows = calls(300)
    flagged = [[*row, "YN"[at % 2]] for at, row in enumerate(rows)]
    _, path = drafted(tmp_path / "calls.csv", text([*header, "DV_Flag"], flagged))
    dataset = library().dataset("calls-for-service")
    effect = effect_of((tmp_path / "calls.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert effect.unjudged["DV_Flag"] == {"Y": 150, "N": 150}
    assert sum(effect.unjudged["problem"].values()) == 300


def test_places_are_made_of_the_file_itself_and_times_are_local(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(*calls()))
    judge(path.parent / "quillport" / "problem.csv", "open")
    dataset = library().dataset("calls-for-service")
    effect = effect_of((tmp_path / "calls.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert effect.precisions["location_precision"].keys() - {"none"}
    stamps = {str(row[1])[:16] for row in calls()[1]}
    assert {row["call_datetime"] for row in effect.sample} <= stamps


def test_proposals_of_a_department_that_is_new_are_seldom_milder_than_its_own_judgement():
    """Burlington's values, proposed by what Charleston judged and by words: 89 of 93 or more as strict or stricter."""
    mine = next(profile for profile in shipped() if profile.name == "burlington")
    others = [profile for profile in shipped() if profile is not mine]
    bits = library().classes.bits
    judged = Precedents(others, "problem", library().classes)
    codes = mine.lists["call_types"].codes
    milder = [code.value for code in codes if bits[judged.propose(code.value).privacy] < bits[code.privacy]]
    assert len(milder) <= len(codes) // 20, milder
