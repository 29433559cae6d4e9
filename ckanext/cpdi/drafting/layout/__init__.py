"""How a feed is laid out: which column is which, times, coordinates, keys."""
