"""What a file shows: how it is written, what its columns hold, what must not be written down of it."""
