"""The portal of a police department in the Police Data Initiative, as an extension of CKAN."""

import os

# Read where pyarrow is first imported. Its own pool keeps 0.1 GB of what a run has freed; the system gives it back.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
# Read where polars is: what it has freed goes back at once, and not after ten seconds.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:0,muzzy_decay_ms:0")

__version__ = "0.1.0"
