"""Ways out of the machine: addresses that may be called, deadlines, attempts, copies."""
