"""Grammars of filters, a file each: the text of a protocol becomes a tree."""
