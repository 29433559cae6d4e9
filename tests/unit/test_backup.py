"""What ``scripts/backup`` takes of the portal's folders; the databases are another matter."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path


def test_a_backup_has_the_private_folder_but_no_feed(root: Path, tmp_path: Path):
    data, tools, target = tmp_path / "data", tmp_path / "bin", tmp_path / "backup"
    for name, text in {
        "storage/report.pdf": "%PDF",
        "private/deny.log": "",
        "private/places/city.parquet": "PAR1",
        "private/profiles/calls": "city",
        "private/spool/cpdi-feed-killed/feed": "12 Secret St",
        "files/calls/all.csv": "row_id",
        "files/_frozen/calls/2024.json": "{}",
        "files/reports/compstat-reports/2024-03-24/1.pdf": "%PDF",
        "private/reports/compstat-reports/0.pdf": "%PDF",
    }.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text, encoding="utf-8")
    tools.mkdir()
    dump = tools / "pg_dump"  # the databases are not what is looked at here
    dump.write_text('#!/bin/sh\nwhile [ "$1" != -f ]; do shift; done\n: >"$2"\n', encoding="utf-8")
    dump.chmod(0o755)
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "postgres_password").write_text("unused", encoding="utf-8")
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "CPDI_DATA": str(data), "CPDI_SECRETS": str(secrets)}
    subprocess.run([root / "scripts" / "backup", target], check=True, env=env, capture_output=True)
    with tarfile.open(target / "data.tar") as found:
        names = [one.name for one in found if one.isfile()]
    assert sorted(names) == [
        "files/_frozen/calls/2024.json",
        "files/reports/compstat-reports/2024-03-24/1.pdf",
        "private/deny.log",
        "private/places/city.parquet",
        "private/profiles/calls",
        "private/reports/compstat-reports/0.pdf",
        "storage/report.pdf",
    ]
