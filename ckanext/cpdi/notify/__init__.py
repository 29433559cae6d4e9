"""Mails to staff: when one is sent, and its text."""
