"""The records desk's part: denied records, approvals, purges, and how well rows hide among each other."""
