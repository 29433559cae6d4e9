"""Counts of people for fixed tables: the category of each row, which counts are withheld, what readers can find out."""
