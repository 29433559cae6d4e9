"""A build that may kill its own process: killed_build.py ROOT FOLDER DSN FUNCTION CALLS, or - for no function."""

import os
import signal
import sys
from pathlib import Path
from unittest.mock import patch

from ckanext.cpdi.declare import Text, read_library, read_profile
from ckanext.cpdi.publish.site import Licence, Site
from ckanext.cpdi.publish.snapshot import build

root, folder, dsn, crash, at = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
library = read_library(root / "schemas")
licence = Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
site = Site("https://data.example", "Open Data", licence, (Text("No commercial solicitation.", ""),))
profile = read_profile(root / "profiles" / "charleston.yaml", library.classes)


def run():
    print(len(build(dsn, library.dataset("calls-for-service"), profile, folder, site)))


if crash == "-":
    run()
else:
    module, _, name = crash.rpartition(".")
    real, calls = getattr(__import__(module, fromlist=[name]), name), []

    def die(*given, **more):
        calls.append(1)
        if len(calls) > int(at):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **more)

    with patch(crash, die):
        run()
