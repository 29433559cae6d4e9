"""An OpenSSH server of the tests' own, on the loopback, for the user who runs them."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.ports import end, free_port, wait_for

PASSPHRASE = "S3CRET-passphrase"
_CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
Subsystem sftp internal-sftp {options}
"""


@dataclass(frozen=True)
class SshServer:
    """A server, what it may be known by, and who may sign in."""

    port: int
    folder: Path

    @property
    def access(self) -> dict[str, object]:
        """What the settings say of it."""
        return {"user": getpass.getuser(), "key_file": str(self.folder / "user"), "host_key": self.public("host")}

    def public(self, name: str) -> str:
        """The public key of that name."""
        return (self.folder / f"{name}.pub").read_text()

    def url(self, path: Path, port: int = 0) -> str:
        return f"sftp://127.0.0.1:{port or self.port}{path}"


@contextmanager
def ssh_server(folder: Path, options: str = "") -> Iterator[SshServer]:
    """Start a server whose SFTP has these ``options``."""
    for name, passphrase in {"host": "", "user": "", "locked": PASSPHRASE, "stranger": ""}.items():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(folder / name)], check=True)
    (folder / "authorized").write_text((folder / "user.pub").read_text() + (folder / "locked.pub").read_text())
    port = free_port()
    (folder / "sshd_config").write_text(_CONFIG.format(port=port, folder=folder, options=options))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd_config")], stdout=log, stderr=log
        )
        try:
            wait_for(port, process)
            yield SshServer(port, folder)
        finally:
            end(process)
