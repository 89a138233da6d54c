"""Erase: a person's records, or what is older than it is kept, out of everything that a workspace holds."""
