"""Columns that the profile makes of a feed's own, while it is read: text columns in, text columns out."""
