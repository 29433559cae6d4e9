"""Whether runs are on time, and whether those began that were due."""
