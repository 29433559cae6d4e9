"""What is shown of a row and when: classes, denied records, embargo, masks."""
