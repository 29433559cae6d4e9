"""The staff's forms: every field is declared once, explained, and stands under a heading."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from ckanext.cpdi.site.forms import groups

SCHEMAS = Path(__file__).parents[3] / "schemas"
TYPES = ("incident_table", "report_series", "dataset")


@cache
def presets():
    found = yaml.safe_load((SCHEMAS / "presets.yaml").read_text())["presets"]
    return {one["preset_name"]: one["values"] for one in found}


@cache
def fields(name, part):
    schema = yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text())
    return [presets()[one["preset"]] | one for one in schema[part]]


@pytest.mark.parametrize("name", TYPES)
def test_every_field_of_a_form_has_a_label_and_a_help_text_in_both_languages(name):
    for field in (*fields(name, "dataset_fields"), *fields(name, "resource_fields")):
        assert {"en", "es"} <= field["label"].keys(), field["field_name"]
        # The address of a file has its explanation in a snippet.
        assert field["field_name"] == "url" or {"en", "es"} <= field["help_text"].keys(), field["field_name"]


@pytest.mark.parametrize("name", TYPES)
def test_every_field_stands_under_one_heading(name):
    found = groups(fields(name, "dataset_fields"), "en")
    titles = [group.title for group in found]
    assert len(titles) == len(set(titles))
    assert "More" not in titles


def test_a_field_of_another_extension_stands_under_more():
    assert [group.title for group in groups([{"field_name": "odd"}], "es")] == ["Más"]


@pytest.mark.parametrize("name", TYPES)
def test_no_field_has_subfields_that_scheming_cannot_nest(name):
    assert not [field for field in fields(name, "dataset_fields") if "repeating_subfields" in field]


def test_every_preset_is_used():
    used = {
        one["preset"] for name in TYPES for part in ("dataset_fields", "resource_fields") for one in fields(name, part)
    }
    assert used == presets().keys()


def test_what_a_declaration_fills_in_is_a_field_of_its_type(library):
    names = {
        kind: {field["field_name"] for field in fields(file, "dataset_fields")}
        for kind, file in (("incident-table", "incident_table"), ("report-series", "report_series"))
    }
    for dataset in library.datasets.values():
        assert dataset.metadata.keys() <= names[dataset.type], dataset.name


def test_a_declared_frequency_is_one_that_the_form_offers(library):
    offered = {choice["value"] for choice in presets()["cpdi_frequency"]["choices"]}
    assert {dataset.metadata["frequency"] for dataset in library.datasets.values()} <= offered
