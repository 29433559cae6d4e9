"""An S3-speaking store of the tests' own, on the loopback: S3Proxy over a folder, which verifies signatures."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

from helpers.ports import end, free_port, wait_for

KEY, SECRET, BUCKET = "AKIATESTTESTTEST", "S3CRET-of-the-tests", "feeds"
_CONFIG = """
s3proxy.endpoint=http://127.0.0.1:{port}
s3proxy.authorization=aws-v4
s3proxy.identity={key}
s3proxy.credential={secret}
jclouds.provider=filesystem-nio2
jclouds.identity=unused
jclouds.credential=unused
jclouds.filesystem.basedir={folder}
"""


@dataclass(frozen=True)
class Bucket:
    """A bucket, and what the settings say of it."""

    port: int
    client: Any

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def access(self) -> dict[str, object]:
        return {"endpoint": self.endpoint, "access_key": KEY, "secret_key": SECRET}

    def put(self, key: str, content: bytes) -> str:
        """Write an object; return its location."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)
        return f"s3://{BUCKET}/{key}"


@contextmanager
def s3_store(folder: Path) -> Iterator[Bucket]:
    """Start a store with an empty bucket."""
    jars = Path(__file__).parents[2] / ".run" / "s3proxy"
    port = free_port()
    (folder / "data").mkdir()
    config = folder / "s3proxy.conf"
    config.write_text(_CONFIG.format(port=port, key=KEY, secret=SECRET, folder=folder / "data"))
    java = ["java", "-Xmx256m", "-cp", f"{jars}/*", "org.gaul.s3proxy.Main", "--properties", str(config)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(java, stdout=log, stderr=log)
        try:
            wait_for(port, process)
            client = botocore.session.get_session().create_client(
                "s3",
                endpoint_url=f"http://127.0.0.1:{port}",
                region_name="us-east-1",
                aws_access_key_id=KEY,
                aws_secret_access_key=SECRET,
                config=Config(s3={"addressing_style": "path"}, request_checksum_calculation="when_required"),
            )
            client.create_bucket(Bucket=BUCKET)
            yield Bucket(port, client)
        finally:
            end(process)
