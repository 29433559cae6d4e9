"""What browsers load of others' work: from a lock file, built once, and never committed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

NPM = '#!/bin/sh\nwhile [ "$1" != --prefix ]; do shift; done\necho called >>"$2/calls"\n'
VITE = '#!/bin/sh\necho built >>"{calls}"\nmkdir -p "$5" && echo "{{}}" >"$5/manifest.json"\n'
FILES = ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")
READER = (
    "LICENSE", "build/pdf.min.mjs", "build/pdf.worker.min.mjs", "wasm/openjpeg_nowasm_fallback.js",
    "wasm/jbig2_nowasm_fallback.js",
)  # fmt: skip
FONT = b"\x80\xff\n//# sourceMappingURL=x\n\x00"


@pytest.fixture
def build(root: Path, tmp_path: Path):
    """Runs the step in a copy of what it reads, with an npm and a Vite that count their calls."""
    run, tools, made = tmp_path / "run", tmp_path / "bin", tmp_path / "made"
    for name in ("package.json", "package-lock.json", ".npmrc", "scripts/build-assets", "scripts/lib.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    source = tmp_path / "frontend/src/start.ts"
    source.parent.mkdir(parents=True)
    source.write_text("export {};\n")
    tools.mkdir()
    package = run / "npm/node_modules/maplibre-gl"
    (package / "dist").mkdir(parents=True)
    (package / "LICENSE.txt").write_text("BSD\n")
    for name in FILES:
        (package / "dist" / name).write_text(f"{name}\n//# sourceMappingURL={name}.map\n")
    reader = run / "npm/node_modules/pdfjs-dist"
    for name in (*READER, "standard_fonts/F.pfb", "wasm/LICENSE_X"):
        (reader / name).parent.mkdir(parents=True, exist_ok=True)
        (reader / name).write_bytes(FONT)
    vite = run / "npm/node_modules/.bin/vite"
    vite.parent.mkdir()
    vite.write_text(VITE.format(calls=run / "npm/built"))
    vite.chmod(0o755)
    (tools / "npm").write_text(NPM)
    (tools / "npm").chmod(0o755)
    env = {**os.environ, "CPDI_RUN": str(run), "CPDI_ASSETS": str(made), "PATH": f"{tools}:{os.environ['PATH']}"}

    def call(*arguments: str) -> int:
        subprocess.run([tmp_path / "scripts/build-assets", *arguments], check=True, env=env, capture_output=True)
        return len((run / "npm/calls").read_text().splitlines())

    (package / "package.json").write_text('{"version": "9.8.7"}')
    call.made = made / "vendor/maplibre-gl/9.8.7"
    call.explorer, call.source = made / "explore/manifest.json", source
    call.built = lambda: len((run / "npm/built").read_text().splitlines())
    return call


def test_files_are_put_as_they_are_beside_their_licence_in_a_folder_of_their_version(build):
    """A browser keeps what it got from such an address for a year: a step here must not give it another content."""
    assert build() == 1
    assert {one.name: one.read_text() for one in build.made.iterdir()} == {
        "LICENSE.txt": "BSD\n",
        **{name: f"{name}\n//# sourceMappingURL={name}.map\n" for name in FILES},
    }


def test_fonts_are_put_as_they_are(build):
    build()
    reader = build.made.parents[1] / "pdfjs-dist"
    assert (reader / "F.pfb").read_bytes() == FONT
    assert {path.name for path in reader.iterdir()} == {*(Path(name).name for name in READER), "F.pfb", "LICENSE_X"}


def test_the_second_time_nothing_is_installed_unless_a_file_is_missing(build):
    assert [build(), build()] == [1, 1]
    (build.made / "maplibre-gl.mjs").unlink()
    assert build() == 2


def test_the_explorer_is_built_anew_where_its_source_changed_or_it_is_missing_and_nothing_is_installed_for_that(build):
    build()
    assert [build(), build.built()] == [1, 1]
    build.source.write_text("export const one = 1;\n")
    assert [build(), build.built()] == [1, 2]
    build.explorer.unlink()
    assert [build(), build.built()] == [1, 3]
    assert build.explorer.exists()


def test_a_demo_takes_nothing_away_from_tests(build):
    assert [build("dev"), build(), build("dev")] == [1, 1, 1]


def test_the_lock_file_names_versions_and_hashes_and_no_registry(root: Path):
    locked = json.loads((root / "package-lock.json").read_text())["packages"]
    packages = {name: one for name, one in locked.items() if name}
    assert "node_modules/maplibre-gl" in packages
    for name, one in packages.items():
        assert one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, name


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda text: text.replace('"integrity"', '"resolved": "x", "integrity"', 1), "names an address"),
        (lambda text: re.sub(r'("maplibre-gl": )"[^"]+"', r'\1"1.0.0"', text, count=1), "does not belong"),
    ],
)
def test_the_check_of_lock_files_finds_what_is_wrong(root: Path, tmp_path: Path, spoil, says):
    for name in (*root.glob("requirements*"), *root.glob("package*.json"), root / "scripts"):
        (tmp_path / name.name).symlink_to(name)
    lock = tmp_path / "package-lock.json"
    text = lock.read_text()
    lock.unlink()
    lock.write_text(spoil(text))
    env = {**os.environ, "CPDI_VENV": str(Path(sys.prefix))}
    (tmp_path / "scripts").unlink()
    (tmp_path / "scripts").mkdir()
    for name in ("lib.sh", "lock"):
        (tmp_path / "scripts" / name).write_text((root / "scripts" / name).read_text())
        (tmp_path / "scripts" / name).chmod(0o755)
    done = subprocess.run(["scripts/lock", "--check"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert says in done.stderr


def test_what_is_built_is_not_committed(root: Path):
    ignored = (root / ".gitignore").read_text().splitlines()
    kept_out = (root / ".dockerignore").read_text().splitlines()
    for folder in ("ckanext/cpdi/public/cpdi/vendor", "ckanext/cpdi/public/cpdi/explore"):
        assert f"/{folder}/" in ignored
        assert folder in kept_out


def test_the_images_get_what_they_copy(root: Path):
    """Docker sends what ``.dockerignore`` leaves; the last of its lines that fits a path decides."""
    lines = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    def is_sent(path: str) -> bool:
        parts = path.split("/")
        paths = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
        fitting = [line for line in lines if any(fnmatch(one, line.lstrip("!").removeprefix("**/")) for one in paths)]
        return fitting[-1].startswith("!")

    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (root / "docker/Dockerfile").read_text(), re.MULTILINE)
    sources = {name for line in copied for name in line.split()}
    assert {"frontend", "package-lock.json", "scripts/build-assets"} <= sources
    assert [name for name in sorted(sources) if not (root / name).exists() or not is_sent(name)] == []
    assert not is_sent("frontend/node_modules")
    assert not is_sent("docker/secrets/secret")
