"""Charleston's code lists: every value of the feed stands there once, and those that can hurt somebody are guarded."""

import csv
import json
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "profiles" / "charleston"
SOURCES = ROOT.parent / "shared" / "data"
CLASSES = {"open", "residential", "sensitive", "operational", "withheld"}
REASONS = {"duplicate", "spawned", "cancelled", "test", "administrative"}
CALL_SOURCES = {"", "911", "alarm", "officer", "other_agency"}
LISTS = {"problems": (651, 1030478), "dispositions": (331, 1030011)}
HEADERS = {
    "problems": "value,code,text,meaning,category,class,event,event_reason,call_source,standard,count",
    "dispositions": "value,code,text,meaning,category,class,event,event_reason,standard,count",
}
SOURCE_FILES = {"problems": "charleston_problem_types.csv", "dispositions": "charleston_dispositions.csv"}

# Values whose words, or whose category in the source, do not show what they betray.
TRAPS = {
    "problems": {
        "sensitive": [
            "123O_Missing Runawy Info",
            "123O_Missing/Runaway Referral",
            "123B_Missing Runaway",
            "123B_Missing Person Found",
            "123D_Miss at Risk Spec Locat",
            "123B_Miss Prs Fnd Spec Locatio",
            "*Missing/Runaway/Found_Past",
            "101D_Hostage Parental Abdction",
            "101C_Hostage Custody Issue",
            "101C_Hostage Prnt Abdct Past W",
            "101O_Hostage/Abdction Referral",
            "102D_Abuse Abandonment",
            "102O_Abuse/Abandon/Neg Info",
            "102O_Abuse/Abandon/Neg Refrral",
            "106D_Assault",
            "106B_Assault Past",
            "106O_Assault Referral",
            "114O_Domestic Information",
            "114O_Domestic Referral",
            "114D_Family Verbal",
            "114B_Family Physical Past",
            "*Dom Disturb/Viol_Past",
            "129C_Susp/Wtd Viol of Order",
            "129C_Susp/Wtd Viol of Order Wp",
            "119D_Harrassment Stalking",
            "119C_Harassment Unknown",
            "119C_Threat Unknown",
            "119O_Harrassment Referral",
            "119B_Harasment Threat Pst Wpn",
            "*Threat_Past",
            "125C_Pub Svc Keep Peace Escort",
            "125C_Pub Svc Keep Peace Weapon",
            "125A_Pub Svc Keep Peace Sched",
            "125A_Pub Svc Keep Pc Schd Wpn",
            "*Public Service_Escort",
            "125B_Pub Svc Well Ck N-Urgent",
            "125O_Pub Svc Referral",
            "*Public Service_In Progress",
            "*Bridge Jumper_Law",
            "127O_Suicidal Information",
            "127O_Suicidal Referral",
            "121O_Mental Disordr Info",
            "121O_Mental Disorder Referral",
            "120B_Indecency Pornography",
            "120C_Indecency Prostitution",
            "120B_Indeency Prostitution Pst",
            "103B_Admn Urgent Message Deliv",
            "103B_Admin Medical Escort",
            "103B_Admn Person Transport",
            "103B_Admn Transport Cooperativ",
            "103C_Admin Transport Non-Coop",
            "107C_Assist Agency Serve Order",
            "Civil Process",
            "104D_Alarm Res Hold/Pan/Dur",
            "104D_Alarm Holdup/Panic/Duress",
            "112D_Deceased Sudden",
            "112O_Deceased Information",
            "124E_Officer Down",
            "100E_Caller in Imminent Danger",
            "911_Help Me Just Occurred",
            "134D_Unknown 3rd Party",
            "*Unknown_In Progress",
            "128B_Supplemental Evidence",
            "128B_Supplemental Suspect",
            "*Supplemental",
        ],
        "operational": [
            "Warrant Service",
            "Search Warrant",
            "LPR_Bait Tracker Activation",
            "GPS Monitoring Activation",
            "Compliance Check",
            "Selective Enforcement",
            "Prisoner Transport",
            "Court Transport",
            "103B_Adm Security Escort",
            "103B_Admin Persn/Organ Es",
            "129C_Wanted Person",
            "129C_Suspicious Wanted Vehicle",
            "129O_Suspicious/Wantd Referral",
            "*Wanted Person_Past",
            "116O_Drugs Information",
            "116D_Drugs Sale",
            "*Drugs_In Progress",
            "135O_Weapons Information",
        ],
    },
    "dispositions": {
        "sensitive": [
            "LDE_Domestic Escort Completed",
            "LSE_Simple Escort Completed",
            "L2_Unneeded Spawned Call,LSE_S",
            "LCCN_Call Completed/ No Rep,LD",
            "LACS_Animal Control Stacked,LD",
            "LCCN_Call Completed/ No Rep,LS",
        ],
        "operational": [
            "LSPR_Special Patrol Request",
            "LLOR_Left on Request,LSPR_Spec",
            "LSTE_Selective Traffic Enforce",
            "LWS_Warrant Served",
            "LWA_Warrant Arrest",
            "LW_Written Warning,LWA_Warrant",
            "LCCN_Call Completed/ No Rep,LW",
            "LSET_Settled among themselves,",
            "LBOLO_Clearing a BOLO",
        ],
        "residential": [
            "LUDR_Unsecure Door_Residence",
            "LUDB_Unsecure Door_Business",
            "LUA_Unit Assist,LUDB_Unsecure",
            "LCCN_Call Completed/ No Rep,LU",
            "LAAC_Alarm Accidntly Activated",
            "LREPO_Repo Towed Vehicle",
            "LFI_Field Interrogation",
        ],
        "withheld": [
            "LJ_Juv Released to Parent",
            "LACS_Animal Control Stacked,LJ",
            "LF_Family Court Arrest",
            "LF_Family Court Arrest,LPEOT_V",
            "LCCN_Call Completed/ No Rep,LF",
            "LCCR_Call Comp/ Report Taken,L",
            "LG_General Sessions Ct Arrest,",
        ],
    },
}

# Dispatch protocols that have no value milder than sensitive; what else stands under the number is named.
GUARDED = {
    "101": (),
    "102": (),
    "106": ("Shooting", "Stabbing"),
    "112": (),
    "114": (),
    "119": (),
    "121": (),
    "123": (),
    "127": (),
    "128": (),
    "134": (),
}


def rows_of(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module", params=LISTS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def rows(name):
    return rows_of(name)


@pytest.fixture(scope="module")
def categories():
    return yaml.safe_load((FOLDER / "categories.yaml").read_text(encoding="utf-8"))


def geojson(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))["features"]


def test_every_value_stands_once(name, rows):
    values = [row["value"] for row in rows]
    assert len(values) == len(set(values)) == LISTS[name][0]
    assert all(value and value == value.strip() for value in values)


def test_the_totals_are_those_of_the_source(name, rows):
    assert sum(int(row["count"]) for row in rows) == LISTS[name][1]


def test_the_values_and_counts_are_those_of_the_source(name, rows):
    source = SOURCES / SOURCE_FILES[name]
    if not source.exists():
        pytest.skip("the source lists are not beside this repository; the totals are checked above")
    with source.open(encoding="utf-8", newline="") as lines:
        expected = {row[0].strip(): int(row[1]) for row in list(csv.reader(lines))[1:]}
    assert {row["value"]: int(row["count"]) for row in rows} == expected


def test_the_file_has_its_header_and_unix_lines(name):
    raw = (FOLDER / f"{name}.csv").read_bytes()
    assert raw.decode("utf-8").split("\n", 1)[0] == HEADERS[name]
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


def test_every_row_is_complete_and_its_words_are_known(rows, categories):
    for row in rows:
        assert row["meaning"], row
        assert row["class"] in CLASSES, row
        assert row["category"] in categories, row
        assert row.get("call_source", "") in CALL_SOURCES, row
        assert (row["event"], row["event_reason"] in REASONS) in {("yes", False), ("no", True)}, row
        assert row["event"] == "no" or not row["event_reason"], row


def test_code_and_text_make_up_the_value(rows):
    for row in rows:
        joined = f"{row['code']}_{row['text']}" if row["code"] else row["text"]
        assert joined == row["value"].lstrip("*"), row


def test_every_category_is_used_and_has_two_languages(categories):
    used = {row["category"] for name in LISTS for row in rows_of(name)}
    assert used == set(categories)
    assert all(set(text) == {"en", "es"} and all(text.values()) for text in categories.values())


def test_at_least_sixty_traps_are_named():
    guarded = [value for classes in TRAPS.values() for one in ("sensitive", "operational") for value in classes[one]]
    assert len(set(guarded)) >= 60


@pytest.mark.parametrize(
    ("list_name", "value", "expected"),
    [(name, value, one) for name, classes in TRAPS.items() for one, values in classes.items() for value in values],
)
def test_a_trap_has_its_class(list_name, value, expected):
    assert {row["value"]: row["class"] for row in rows_of(list_name)}[value] == expected


def test_no_value_of_a_guarded_protocol_is_mild():
    mild = [
        row["value"]
        for row in rows_of("problems")
        if row["code"][:3] in GUARDED
        and row["class"] in {"open", "residential"}
        and not any(word in row["text"] for word in GUARDED[row["code"][:3]])
    ]
    assert mild == []


def test_a_joined_disposition_is_never_milder_than_a_part_that_can_be_read():
    rows = rows_of("dispositions")
    alone = {row["value"]: row["class"] for row in rows if "," not in row["value"]}
    order = ["open", "residential", "sensitive", "operational", "withheld"]
    for row in rows:
        first, comma, rest = row["value"].partition(",")
        parts = [first, *(value for value in alone if comma and "_" in rest and value.startswith(rest))]
        for part in parts:
            if part in alone:
                assert order.index(row["class"]) >= order.index(alone[part]), row["value"]


@pytest.mark.parametrize("value", ["Patrol Request", "Walk and Talk", "Traffic Stop", "Officer Initiated Call"])
def test_the_four_names_are_officer_initiated(value):
    assert {row["value"]: row["call_source"] for row in rows_of("problems")}[value] == "officer"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("LDC_Duplicate Call", "duplicate"),
        ("L2_Unneeded Spawned Call", "spawned"),
        ("L2_Unneeded Spawned Call,LPA_P", "spawned"),
        ("LCCD_Call Cancelled", "cancelled"),
        ("LXPA_Cancel Prior to Arrival", "cancelled"),
        ("LCCD_Call Cancelled,LXPA_Cance", "cancelled"),
        ("LTEST_Test", "test"),
        ("LAM_Arrest Made,LXPA_Cancel Pr", ""),
        ("LCCD_Call Cancelled,LCCR_Call", ""),
    ],
)
def test_what_is_no_event(value, reason):
    assert {row["value"]: row["event_reason"] for row in rows_of("dispositions")}[value] == reason


def test_the_outline_is_small_and_says_where_it_is_from():
    (feature,) = geojson("boundary.geojson")
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"]["source"] == "US Census TIGER/Line 2019, simplified"
    assert sum(len(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon) <= 400


def test_the_teams_are_five_and_say_that_they_are_not_the_departments():
    teams = geojson("teams.geojson")
    assert [team["properties"]["name"] for team in teams] == [f"Team {number}" for number in range(1, 6)]
    assert {team["properties"]["note"] for team in teams} == {"Illustrative areas, not the department's own"}
    assert all(team["geometry"]["type"] == "Polygon" for team in teams)
