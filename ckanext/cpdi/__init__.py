"""The portal of a police department in the Police Data Initiative, as an extension of CKAN."""

import os

# Read where pyarrow is first imported. Its own pool keeps 0.1 GB of what a run has freed; the system gives it back.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

__version__ = "0.1.0"
