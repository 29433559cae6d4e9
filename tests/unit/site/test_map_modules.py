"""The parts of maps that draw nothing: what they say, which rows they choose, how counts become shades."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

DESCRIPTION = {
    "language": "en",
    "one": "call",
    "many": "calls",
    "time": "when",
    "precision": "precision",
    "category": "kind",
    "categories": [
        {"value": "Alarm", "key": "n_alarm", "colour": "#0072b2"},
        {"value": "O'Neil", "key": "n_o_neil", "colour": "#e69f00"},
    ],
    "words": {"yes": "yes", "no": "no"},
}


@pytest.fixture
def run(root):
    """Runs JavaScript with the maps' modules at hand; gives what its last line returns."""
    if not shutil.which("node"):
        pytest.skip("there is no node")
    folder = (root / "ckanext/cpdi/public/cpdi/map").as_uri()

    def call(module: str, body: str):
        script = (
            f"import * as m from '{folder}/{module}.js'; const d = {json.dumps(DESCRIPTION)};"
            f"const answer = (() => {{ {body} }})(); console.log(JSON.stringify(answer ?? null));"
        )
        command = ["node", "--input-type=module", "-e", script]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


@pytest.mark.parametrize(
    ("precision", "says"),
    [
        ("minute", "Nov 24, 2026, 11:30 PM"),
        ("hour", "Nov 24, 2026, 11 PM"),
        ("date", "Nov 24, 2026"),
        ("month", "November 2026"),
        ("", "Nov 24, 2026, 11:30 PM"),
    ],
)
def test_a_time_is_the_departments_own_and_no_finer_than_it_is(run, precision, says):
    text = run("words", f"return m.moment('2026-11-24T23:30:00-05:00', {precision!r}, d)")
    assert text.replace("\u202f", " ") == says


def test_cells_are_put_in_words(run):
    row = "{when: '2026-11-01T00:00:00-04:00', precision: 'month', kind: 'Alarm', event: false, n: 1234.5, x: null}"
    columns = [
        ("when", "datetime", {}), ("kind", "string", {"Alarm": "Alarma"}), ("event", "boolean", {}),
        ("n", "number", {}), ("x", "string", {}), ("gone", "string", {}),
    ]  # fmt: skip
    listed = json.dumps([{"name": name, "type": kind, "values": values} for name, kind, values in columns])
    said = run("words", f"const row = {row}; return {listed}.map((column) => m.cell(row, column, d))")
    assert said == ["November 2026", "Alarma", "no", "1,234.5", "", ""]


@pytest.mark.parametrize(
    ("hide", "cql2", "counted"),
    [
        ("", "", 10),
        ("Alarm", '("kind" NOT IN (\'Alarm\') OR "kind" IS NULL)', 6),
        ("Alarm,O'Neil", "(\"kind\" NOT IN ('Alarm', 'O''Neil') OR \"kind\" IS NULL)", 5),
        ("other", "\"kind\" IN ('Alarm', 'O''Neil')", 5),
        ("Alarm,other", "\"kind\" IN ('O''Neil')", 1),
        ("Alarm,O'Neil,other", "\"kind\" IN ('')", 0),
    ],
)
def test_a_choice_of_categories_is_the_same_for_cells_and_rows(run, hide, cql2, counted):
    hidden = json.dumps([one for one in hide.split(",") if one])
    body = (
        f"const choice = new m.Choice(d), hidden = {hidden};"
        "for (const one of hidden) choice.set(one === 'other' ? m.OTHER : one, false);"
        "const shown = ['Alarm', \"O'Neil\", 'Traffic'].filter((one) => choice.shows(one));"
        "return [choice.cql2(), choice.counted({count: 10, n_alarm: 4, n_o_neil: 1}), shown]"
    )
    names = set(hide.split(","))
    shown = [one for one in ("Alarm", "O'Neil") if one not in names] + ([] if "other" in names else ["Traffic"])
    assert run("choice", body) == [cql2, counted, shown]


@pytest.mark.parametrize(
    ("largest", "breaks"),
    [(0, [1]), (1, [1]), (4, [1, 2]), (3000, [1, 5, 20, 100, 500]), (2_000_000, [1, 20, 200, 5000, 100_000])],
)
def test_shades_change_at_round_numbers_from_one_on(run, largest, breaks):
    assert run("style", f"return m.breaksOf({largest})") == breaks
    shades = run("style", f"return m.shadesOf({breaks})")
    assert len(shades) == len(breaks)
    assert shades[-1] == "#08306b"


def test_points_on_one_another_are_one_circle_of_all_their_rows(run):
    def feature(number, where, kind):
        return {"id": number, "geometry": {"type": "Point", "coordinates": where}, "properties": {"kind": kind}}

    features = [
        feature(1, [1.000001, 2], "Alarm"), feature(2, [1, 2], "Traffic"), feature(3, [1, 2], "Traffic"),
        feature(3, [1, 2], "Traffic"),  # one row in two tiles
        feature(4, [5, 6], "Alarm"), feature(5, [5, 6], "hidden"),
    ]  # fmt: skip
    body = (
        f"const all = m.stack({json.dumps(features)}, 'kind', (one) => one !== 'hidden');"
        "return [all.map((one) => one.ids), m.asGeoJSON(all)]"
    )
    ids, collection = run("stacks", body)
    assert ids == [[3, 2, 1], [4]]
    properties = [one["properties"] for one in collection["features"]]
    assert properties == [
        {"count": 3, "label": "3", "category": "Traffic"},
        {"count": 1, "label": "", "category": "Alarm"},
    ]
