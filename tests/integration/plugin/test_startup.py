"""What CKAN loads with the extension, in every web process and for every command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("polars", "pyarrow", "pyogrio", "reportlab", "PIL", "pikepdf", "pypdfium2")
"""Libraries of feeds, rows and files: a second together, and a hundred megabytes."""

SCRIPT = f"""
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
import ckanext.cpdi.cli
make_app(load_config(sys.argv[1]))
print([name for name in {HEAVY!r} if name in sys.modules])
"""

GATHERED = """
import sys
from ckan import authz, logic
from ckan.cli import load_config
from ckan.config.middleware import make_app
make_app(load_config(sys.argv[1]))
print("datastore_search" in logic._actions, "datastore_search" in authz._AuthFunctions._functions)
actions = set(logic._actions)
logic.clear_actions_cache()
logic.get_action("package_show")
print(set(logic._actions) == actions)
"""


def test_ckan_starts_without_the_libraries_that_only_nights_need(ckan_config):
    command = [sys.executable, "-c", SCRIPT, ckan_config["__file__"]]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_no_request_comes_before_the_rules_of_access_are_gathered(ckan_config):
    """Else CKAN gathers them at the first one, and a second one meanwhile finds its own, or none.

    Gathered again, they are the same; ckanext-harvest alone would have its rules of access among the actions.
    """
    command = [sys.executable, "-c", GATHERED, ckan_config["__file__"]]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == ["True"] * 3


def test_a_wrong_profile_is_one_sentence_at_every_command(programs, ckan_config, root, tmp_path):
    profile = (root / "profiles/charleston.yaml").read_text().replace("charleston/", f"{root}/profiles/charleston/")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(profile.replace("      address: [Address]", "      adress: [Address]"))
    ini = tmp_path / "wrong.ini"
    ini.write_text(f"[app:main]\nuse = config:{ckan_config['__file__']}\nckanext.cpdi.profile = {wrong}\n")
    for command in (["cpdi", "runs"], ["cpdi", "--help"], ["config", "validate"]):
        done = programs.run(Path(sys.prefix, "bin/ckan"), "-c", ini, *command)
        said = [line for line in done.stderr.splitlines() if "wrong.yaml" in line]
        assert done.returncode == 1
        assert len(said) == 1
        assert "datasets.calls-for-service.headers: 'adress' is not declared; did you mean address?" in said[0]
        assert "Traceback" not in done.stderr + done.stdout


def test_a_wrong_profile_is_one_sentence_where_the_web_process_starts(ckan_config, root, tmp_path):
    ini = tmp_path / "wrong.ini"
    ini.write_text(f"[app:main]\nuse = config:{ckan_config['__file__']}\nckanext.cpdi.profile = atlantis\n")
    done = subprocess.run(
        [sys.executable, root / "scripts/wsgi.py"],
        env={**os.environ, "CKAN_INI": str(ini)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "ckanext.cpdi.profile: no profile 'atlantis'; there are burlington, charleston" in done.stderr
    assert "Traceback" not in done.stderr
