"""What a department's profile says, and whether it agrees with the datasets."""
