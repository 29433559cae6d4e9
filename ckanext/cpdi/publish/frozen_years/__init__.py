"""Frozen years: archives of closed years, made once a year, and rid of rows that leave the table."""
