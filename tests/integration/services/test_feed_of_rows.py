"""New rows under a filter as an Atom feed: the newest first, as they are published, of no less ground than a team's."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import night

from ckanext.cpdi import config
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.selection.breadth import fault
from ckanext.cpdi.selection.places import PublishedPlaces

URL = f"/data/{DATASET}.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(answer):
    return ElementTree.fromstring(answer.data).findall(f"{ATOM}entry")


def ids(answer):
    return [entry.find(f"{ATOM}id").text for entry in entries(answer)]


@pytest.fixture
def team(once, app):
    """Two nights of calls, which the tests share; the team that most of them are in, as a parameter."""

    def fill(folder):
        night(folder / "calls.csv", range(1, 31))
        night(folder / "calls.csv", range(1, 41))

    once(fill)
    features = get(app, f"/data/{DATASET}.geojson").json["features"]
    teams = [one["properties"]["team"] for one in features if one["properties"]["team"]]
    return f"team={quote(max(teams, key=teams.count))}"


def test_new_rows_come_first_with_ids_that_stay_and_the_published_form_alone(team, app, tmp_path):
    first = get(app, f"{URL}?{team}")
    assert first.mimetype == "application/atom+xml"
    features = get(app, f"/data/{DATASET}.geojson?{team}").json["features"]
    known = {feature["properties"]["incident_number"] for feature in features}
    assert 0 < len(ids(first)) <= 10
    for entry in entries(first):
        lines = dict(line.split(": ", 1) for line in entry.find(f"{ATOM}content").text.splitlines())
        assert lines["Incident number"] in known
        item = entry.find(f"{ATOM}link").get("href")
        assert get(app, item.partition("/ogc/")[2].join(("/ogc/", ""))).status_code == 200
    night(tmp_path / "calls.csv", range(1, 46))
    second = get(app, f"{URL}?{team}")
    new = [one for one in ids(second) if one not in ids(first)]
    assert new
    assert ids(second) == new + ids(first)
    assert entries(second)[0].find(f"{ATOM}updated").text > entries(first)[0].find(f"{ATOM}updated").text


def test_who_has_it_gets_nothing_until_the_next_version(team, app, tmp_path):
    answer = get(app, f"{URL}?{team}")
    tag = answer.headers["ETag"]
    get(app, f"{URL}?{team}", status=304, If_None_Match=tag)
    night(tmp_path / "calls.csv", range(1, 43))
    assert get(app, f"{URL}?{team}", If_None_Match=tag).headers["ETag"] != tag


def test_it_speaks_spanish(team, app):
    answer = get(app, f"/es{URL}?{team}")
    assert "filas nuevas" in answer.body
    assert "Canal" in get(app, f"/es{URL}", status=400).body or "canal" in get(app, f"/es{URL}", status=400).body


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", "needs a team"),
        ("{team}&bbox=-80,32,-79,33", "no other condition on places"),
        ("{team}&q=queen", "no other condition on places"),
        ("{team}&block_address=100+block+of+Queen+St", "no other condition on places"),
        ("{team}&place_id=x", "no other condition on places"),
        ("{team}&latitude__gte=32.78", "no other condition on places"),
        ("{team}&filter=S_DWITHIN(geometry,POINT(-79.9+32.8),50,'m')", "no other condition on places"),
        ("{team}&filter=NOT+(latitude+IS+NULL)", "no other condition on places"),
        ("filter=team+LIKE+'Team%25'", "needs a team"),
        ("team=Nowhere", "smaller than the smallest team"),
        ("{team}&soup=1", "there is no parameter 'soup'"),
    ],
)
def test_nobody_can_watch_one_house(team, app, more, words):
    assert words in get(app, f"{URL}?{more.format(team=team)}", status=400).body


PLACES = PublishedPlaces(
    "v",
    [
        {"place_id": f"p{n}", "team": f"Team {n % 2 + 1}", "valid_to": None, "ward": ward}
        for n, ward in enumerate(["East"] * 15 + ["West"] * 4 + ["Tip"])
    ],
)


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ([("area.ward", "East")], None),
        ([("area.ward", "West")], "small"),
        ([("area.ward", "West"), ("area.ward", "East")], None),
        ([("team", "Team 1")], None),
        ([("team", "Team 1"), ("call_category", "Traffic")], None),
        ([("team", "Team 1"), ("location_precision", "block")], None),
        ([("team", "Team 1"), ("area.ward", "East")], "small"),
        ([("team", "Team 1"), ("area.ward__empty", "no")], "finer"),
        ([("area.ward", "East"), ("filter", "area.ward <> 'West'")], "finer"),
        ([("filter", "team = 'Team 1' OR call_category = 'Traffic'")], "no area"),
        ([("call_category", "Traffic")], "no area"),
    ],
)
def test_teams_and_areas_together_are_measured_by_the_places_in_them(with_plugins, pairs, wanted):
    table = config.library().dataset(DATASET).rows
    condition = link.parse(pairs, table, config.profile().zone, {"ward": ("East", "West", "Tip")})
    assert fault(condition, table, PLACES) == wanted


def test_a_portal_without_teams_has_no_feeds(with_plugins):
    table = config.library().dataset(DATASET).rows
    condition = link.parse([("team", "Team 1")], table, config.profile().zone, {})
    assert fault(condition, table, PublishedPlaces("", [])) == "small"
