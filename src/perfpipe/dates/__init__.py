"""Months, working days and days on which something is due."""
