"""The ports that the services have by themselves: none that the system gives to outgoing connections."""

from __future__ import annotations

import re

EPHEMERAL = 32768
"""Linux gives ports from here on to outgoing connections (net.ipv4.ip_local_port_range), so that a server that wants
one of them may find it taken, or not yet free after a connection that was closed.
"""


def test_no_default_port_is_one_that_an_outgoing_connection_may_have(root):
    declared = dict(re.findall(r"(\w+_PORT)=\$\{\w+_PORT:-(\d+)\}", (root / "scripts/lib.sh").read_text()))
    assert declared.keys() == {"POSTGRES_PORT", "REDIS_PORT", "SOLR_PORT", "WEB_PORT"}
    assert all(1024 <= int(port) < EPHEMERAL for port in declared.values())


def test_the_tests_are_written_for_the_default_ports(root):
    declared = set(re.findall(r"_PORT:-(\d+)\}", (root / "scripts/lib.sh").read_text()))
    used = set(re.findall(r"127\.0\.0\.1:(\d+)", (root / "test.ini").read_text()))
    assert used <= declared
    for script in ("scripts/prepare-tests", "scripts/bench"):
        replaced = set(re.findall(r"s#:(\d{4,5})", (root / script).read_text()))
        assert replaced == used
