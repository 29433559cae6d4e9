"""Where the services keep their data: what an earlier checkout at the same path left is neither taken over nor lost."""

from __future__ import annotations

import hashlib
import os
import subprocess


def start(root, run, data):
    """What `scripts/services start` says of a checkout that keeps its state in `run` and its data in `data`."""
    environment = dict(os.environ, CPDI_RUN=str(run), SERVICES_DATA=str(data), POSTGRES_PORT="15397")
    return subprocess.run([root / "scripts/services", "start"], env=environment, capture_output=True, text=True)


def test_data_of_an_earlier_checkout_stay_and_the_start_says_so(root, tmp_path):
    run, data = tmp_path / "checkout/.run", tmp_path / "memory"
    earlier = data / hashlib.sha256(str(run).encode()).hexdigest()[:12] / "postgres"
    earlier.mkdir(parents=True)
    (earlier / "PG_VERSION").write_text("15")

    start_again = start(root, run, data)

    assert start_again.returncode == 1
    assert f"{earlier} holds the data of an earlier checkout at {tmp_path}/checkout" in start_again.stderr
    assert "remove that folder if nobody needs it" in start_again.stderr
    assert (earlier / "PG_VERSION").read_text() == "15"
    assert not (run / "postgres").exists()
