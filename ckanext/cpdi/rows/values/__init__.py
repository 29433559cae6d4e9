"""One column at a time: texts, codes, times, points and numbers as the portal writes them."""
