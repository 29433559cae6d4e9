"""From bytes to text columns: encodings, records, scanners, reference systems."""
