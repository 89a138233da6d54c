"""Comparators taken from a published file as it was downloaded: what it holds, what matches, and the settings of it."""
