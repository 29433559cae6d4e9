"""Mails to staff: when one is sent, and what it says."""
