"""What grammars of filters are made of: boxes, moments, and the parts of CQL2."""
