"""What moved with which version, for readers with an older copy, and what the change log says of it."""
